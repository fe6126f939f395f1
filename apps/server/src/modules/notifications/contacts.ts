import { maskPhone } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { blindIndex, openFields, sealFields } from '../../platform/crypto/sealer.ts'
import { derivedUuid, randomId } from '../../platform/ids.ts'
import { badRequest, conflict } from '../../platform/problem.ts'
import type { MessageChannelTable } from '../../platform/tables.notifications.ts'
import type { Tables } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import * as store from './contacts.store.ts'
import type { Medium } from './notifications.port.ts'

type Db = Kysely<Tables>

/** Where a message to a person goes. */
export interface Contact {
  medium: Medium
  address: string
  /** keyed: messages to one address meet, and nobody can look an address up */
  index: Buffer
  /** as it may be shown */
  masked: string
}

/** Why a person cannot be written to. */
export type NoContact = 'no_recipient' | 'do_not_contact'

/** How whoever rated or complained wishes to be reached, as they said it then. */
export interface Wishes {
  realName?: unknown
  doNotContact?: unknown
}

const KINDS: Record<Medium, string> = { sms: 'phone', email: 'email', wechat: 'wechat' }
/** How often one may change one's mind. */
const CHANNELS = 5
const EMAIL = /^[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/
export const isEmail = (text: string): boolean => EMAIL.test(text)
const OPENID = /^[\w-]{16,64}$/

/** 'zhang@example.cn' → 'z***@example.cn'. */
const maskEmail = (email: string) => email.replace(/^(.).*@/, '$1***@')
const masks: Record<Medium, (address: string) => string> = {
  sms: maskPhone,
  email: maskEmail,
  wechat: () => '微信用户',
}

/** Addresses of people, and what they said about being written to. */
export function makeContacts(app: App, { people }: { people: Pick<PeopleService, 'person'> }) {
  const ids = app.keys.derive('ids')
  const { keyring } = app.keys

  /** The same index as that of the sealed telephone numbers. */
  const indexOf = (medium: Medium, address: string) =>
    blindIndex(keyring.indexKey, KINDS[medium], address.trim().toUpperCase())

  const contact = (medium: Medium, address: string): Contact => ({
    medium,
    address,
    index: indexOf(medium, address),
    masked: masks[medium](address),
  })
  const subjectOf = (index: Buffer) => derivedUuid(ids, 'contact', index.toString('hex'))

  function opened(row: MessageChannelTable): Contact {
    const { address } = openFields(keyring, row.channel_id, {
      kekId: row.kek_id,
      wrappedKey: row.wrapped_key,
      fields: { address: row.address },
    })
    return contact(row.medium as Medium, address ?? '')
  }

  /**
   * Where the evaluator of a rating is told of it. What they asked for wins; else the telephone, but only of who gave
   * their name: who rated without one, or asked not to be contacted, finds the answer on the progress page, and an
   * unasked message would tell them that they are known after all (R28).
   */
  async function forCitizen(tx: Db, evaluationId: string, wishes: Wishes): Promise<Contact | NoContact> {
    if (wishes.doNotContact === true) return 'do_not_contact'
    const [channel] = await store.channelsOf(tx, evaluationId)
    if (channel) return opened(channel)
    if (wishes.realName !== true) return 'no_recipient'
    const phone = (await people.person(tx, evaluationId))?.phone
    return phone ? contact('sms', phone) : 'no_recipient'
  }

  /** The address again when the message is sent: nothing of it is kept with the message. */
  async function addressFor(tx: Db, evaluationId: string, medium: Medium): Promise<Contact | null> {
    if (medium === 'sms') {
      const phone = (await people.person(tx, evaluationId))?.phone
      return phone ? contact('sms', phone) : null
    }
    const row = (await store.channelsOf(tx, evaluationId)).find((channel) => channel.medium === medium)
    return row ? opened(row) : null
  }

  async function record(tx: Db, index: Buffer, optedOut: boolean, actor: string, via: string) {
    const subjectId = subjectOf(index)
    if ((await store.isOptedOut(tx, subjectId)) === optedOut) return false
    const at = app.clock()
    const entryId = await appendEntry(tx, {
      subjectId,
      kind: optedOut ? 'contact.opted-out' : 'contact.opted-in',
      actor,
      at,
      payload: { via },
    })
    await store.insertOptOut(tx, { subject_id: subjectId, entry_id: entryId, opted_out: optedOut, via, at })
    return true
  }

  /** What somebody answered from their telephone: they want no more. Said twice, it is written once. */
  const optOutByPhone = (phone: string): Promise<boolean> =>
    app.db.system.transaction().execute((tx) => record(tx, indexOf('sms', phone), true, 'citizen', 'reply'))

  /** The same, or that messages are welcome again, from the progress page of a rating. */
  async function choose(evaluationId: string, optedOut: boolean, wishes: Wishes): Promise<void> {
    await app.db.system.transaction().execute(async (tx) => {
      const found = await forCitizen(tx, evaluationId, wishes)
      if (typeof found === 'string') throw conflict('no-messages', '这条评价没有留下联系方式，不会收到消息。')
      await record(tx, found.index, optedOut, 'citizen', 'progress-page')
    })
    app.nudge()
  }

  /** How the evaluator of a rating is told of it, for their own page. */
  const standing = (evaluationId: string, wishes: Wishes) =>
    app.db.system.transaction().execute(async (tx) => {
      const found = await forCitizen(tx, evaluationId, wishes)
      return typeof found === 'string'
        ? null
        : {
            medium: found.medium,
            masked: found.masked,
            optedOut: await store.isOptedOut(tx, subjectOf(found.index)),
          }
    })

  /**
   * Keeps where the evaluator of a rating wants to be told. The newest wish holds.
   * @throws Problem 409 do-not-contact, too-many-channels; 400 bad-address
   */
  async function addChannel(
    evaluationId: string,
    { medium, address }: { medium: 'email' | 'wechat'; address: string },
    wishes: Wishes,
  ): Promise<void> {
    if (!(medium === 'email' ? EMAIL : OPENID).test(address))
      throw badRequest(
        'bad-address',
        medium === 'email' ? '请填写正确的邮箱地址。' : '微信用户标识不对。',
        'address',
      )
    const index = indexOf(medium, address)
    const channelId = randomId()
    const sealed = sealFields(keyring, channelId, { address })
    const at = app.clock()
    await app.db.system.transaction().execute(async (tx) => {
      if (wishes.doNotContact === true)
        throw conflict('do-not-contact', '您选择了“不要联系我”，答复只写在进度页。')
      const held = await store.channelsOf(tx, evaluationId)
      if (held[0]?.address_index.equals(index)) return
      if (held.length >= CHANNELS) throw conflict('too-many-channels', '联系方式已经改过多次，不能再改。')
      const entryId = await appendEntry(tx, {
        subjectId: evaluationId,
        kind: 'contact.channel-added',
        actor: 'citizen',
        at,
        payload: { channelId, medium },
      })
      await store.insertChannel(tx, {
        evaluation_id: evaluationId,
        channel_id: channelId,
        medium,
        kek_id: sealed.kekId,
        wrapped_key: sealed.wrappedKey,
        address: sealed.fields.address!,
        address_index: index,
        entry_id: entryId,
        created_at: at,
      })
    })
    app.nudge()
  }

  return {
    forCitizen,
    addressFor,
    optOutByPhone,
    choose,
    standing,
    addChannel,
    toldBy: store.toldBy,
    isOptedOut: (tx: Db, index: Buffer) => store.isOptedOut(tx, subjectOf(index)),
    official: (email: string) => contact('email', email),
  }
}
export type Contacts = ReturnType<typeof makeContacts>
