/** One setting of the program: where it comes from, what it means, what it is when unset. */
export interface Setting<T> {
  env: string
  explain: string
  fallback: T
  parse: (text: string) => T
  /** never shown; may stand in a file, which `<env>_FILE` names */
  secret?: true
}

/** A setting that cannot be used as it stands; the message names the variable and the mend. */
export class ConfigError extends Error {}

export const setting = <T>(
  env: string,
  explain: string,
  fallback: T,
  parse: (raw: string) => T,
): Setting<T> => ({ env, explain, fallback, parse })

/** A secret: taken from the variable itself or, better, from the file that `<env>_FILE` names. */
export const secret = (env: string, explain: string): Setting<string> => ({
  env,
  explain: `${explain} Or ${env}_FILE: a file that holds it.`,
  fallback: '',
  parse: text,
  secret: true,
})

export const text = (raw: string) => raw

export const address =
  (words: string, ...protocols: string[]) =>
  (raw: string): string => {
    const url = URL.canParse(raw) ? new URL(raw) : null
    if (!url || !protocols.includes(url.protocol) || !url.hostname || url.search || url.hash)
      throw new ConfigError(`must be ${words}`)
    return raw
  }

export const integer =
  (min: number, max: number) =>
  (raw: string): number => {
    const value = Number(raw)
    if (!Number.isInteger(value) || value < min || value > max)
      throw new ConfigError(`must be a whole number from ${min} to ${max}`)
    return value
  }

export const choice =
  <T extends string>(...allowed: T[]) =>
  (raw: string): T => {
    const found = allowed.find((a) => a === raw)
    if (found === undefined) throw new ConfigError(`must be one of ${allowed.join(', ')}`)
    return found
  }
