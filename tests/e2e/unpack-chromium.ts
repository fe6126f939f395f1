// Run as a process of its own: the package puts its files into TMPDIR and changes the environment of whoever imports
// it. Prints where the program is.
import chromium from '@sparticuz/chromium'

console.log(await chromium.executablePath())
