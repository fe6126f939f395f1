/** A search by words; `keep` are other parts of the address to be kept. */
export function SearchForm(props: {
  action: string
  label: string
  q: string
  keep?: Record<string, string | undefined>
}) {
  return (
    <form class="search" action={props.action} method="get">
      <label class="name" for="q">
        {props.label}
      </label>
      <div class="search-line">
        <input id="q" name="q" type="search" value={props.q} maxLength={60} />
        {Object.entries(props.keep ?? {}).map(
          ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
        )}
        <button class="button primary" type="submit">
          查找
        </button>
      </div>
    </form>
  )
}

/** One of several values, to filter by. */
export function Choice(props: {
  name: string
  label: string
  value: string | undefined
  options: readonly (readonly [string, string])[]
}) {
  return (
    <div class="field">
      <label class="name" for={props.name}>
        {props.label}
      </label>
      <select id={props.name} name={props.name}>
        {props.options.map(([value, label]) => (
          <option key={value} value={value} selected={value === (props.value ?? '')}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}
