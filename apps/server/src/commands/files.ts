import { withInstallation } from './installation.ts'
import { say, sayAside } from './terminal.ts'

const told = (what: string) => (done: number) => {
  if (done % 100 === 0) sayAside(`${what} ${done}`)
}

/** `haochaping files reseal`: after a new key-encryption key, seals what others sealed under the current one. */
export const runFilesReseal = (): Promise<number> =>
  withInstallation({ say: sayAside }, async ({ services }) => {
    const count = await services.files.reseal(told('已查看文件 / files seen:'))
    say(`重新封存文件 ${count} 个 / files sealed anew: ${count}`)
    return 0
  })

/** `haochaping files bring`: before the storage is changed for good, brings the data folder's files into the new one. */
export const runFilesBring = (): Promise<number> =>
  withInstallation({ say: sayAside }, async ({ app, services }) => {
    if (app.config.storage === 'disk') {
      say('文件就存放在数据文件夹中，不用搬。 / HAOCHAPING_STORAGE is disk: the files are there already')
      return 2
    }
    const count = await services.files.bring(told('已查看文件 / files seen:'))
    say(`搬入文件 ${count} 个，数据文件夹未改动 / files brought: ${count}; the data folder is as it was`)
    return 0
  })
