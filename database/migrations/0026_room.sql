-- What the figures remember of a visit is written again with its rating: with room on its page no index need be told.
ALTER TABLE statistic_evaluation SET (fillfactor = 85);
