/** What a number of a rule means, and which way it may be sharpened below the city. */
export interface PolicyKey {
  label: string
  /**
   * shorter: binds the authorities, so a district may only shorten it; longer: is the citizen's time, so a district
   * may only lengthen it. Absent: not about time given to anybody; one region may differ from another.
   */
  sharper?: 'shorter' | 'longer'
}

/** The numbers the program knows. One it does not know can be kept, and is shown by its key. */
export const POLICY_KEYS: Readonly<Record<string, PolicyKey | undefined>> = {
  sign: { label: '差评签收时限', sharper: 'shorter' },
  verify: { label: '核实与立行立改时限', sharper: 'shorter' },
  rectify: { label: '限期整改时限', sharper: 'shorter' },
  supplement: { label: '补评期限', sharper: 'longer' },
}
