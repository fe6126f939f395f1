/** The part of sm-crypto that tests hold our own SM2 and SM3 against; it ships no types. */
declare module 'sm-crypto' {
  interface SignatureOptions {
    /** r and s as a DER sequence (hex), else one after the other */
    der?: boolean
    /** with Z and SM3 before signing, as GB/T 32918.2 has it */
    hash?: boolean
    publicKey?: string
    userId?: string
  }
  export const sm2: {
    generateKeyPairHex(): { privateKey: string; publicKey: string }
    getPublicKeyFromPrivateKey(privateKey: string): string
    doSignature(message: string | number[], privateKey: string, options?: SignatureOptions): string
    doVerifySignature(
      message: string | number[],
      signature: string,
      publicKey: string,
      options?: SignatureOptions,
    ): boolean
  }
  export function sm3(message: string | number[]): string
}
