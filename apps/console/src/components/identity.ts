/** The person behind a rating or a complaint: masked, or opened with a reason. */
export interface Person {
  name?: string | null
  phone?: string | null
  idNumber?: string | null
}
