import { compare } from 'bcryptjs'

/** As FirstUseAuthenticator, NativeAuthenticator and `htpasswd -B` make them: `$2b$12$…`. */
export const isBcrypt = (stored: string): boolean => /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(stored)

/** bcrypt reads 72 bytes and stops at a zero. */
export async function bcryptMatches(password: string, stored: string): Promise<boolean> {
  return !password.includes('\0') && compare(password, stored.replace(/^\$2y/, '$2b'))
}
