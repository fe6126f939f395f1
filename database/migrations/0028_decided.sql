-- What waits for an authority is found by the organisations it decides for (0027), and by their paths no more.
DROP INDEX rectification_case_to_decide;
