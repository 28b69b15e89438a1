/** A small Debian with Python, on which the images of tests stand; other machines take one from a registry. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../command.js'
import { made } from '../paths.js'

const folder = join(made, 'images')
export const storageConfig = join(folder, 'storage.conf')
const debian = { suite: 'bookworm', mirror: 'http://deb.debian.org/debian' }
const packages = ['ca-certificates', 'python3']
const name = 'localhost/himalia-test-base'

/** @type {import('../steps.js').Step} */
export const imageBase = {
  title: 'Images for tests: a small Debian',
  stamp: 'image-base',
  inputs: () => JSON.stringify([debian, packages, name]),
  isWhole: () => existsSync(storageConfig) && existsSync(join(folder, 'root', 'overlay-images', 'images.json')),
  async work(say) {
    rmSync(folder, { recursive: true, force: true })
    const context = join(folder, 'context')
    mkdirSync(context, { recursive: true })
    // A storage of its own: neither a person's images nor those of the cluster for tests.
    writeFileSync(
      storageConfig,
      `[storage]\ndriver = "overlay"\ngraphroot = "${join(folder, 'root')}"\nrunroot = "${join(folder, 'run')}"\n`,
    )
    const words = ['--mode=root', '--variant=minbase', `--include=${packages.join(',')}`]
    const target = [debian.suite, join(context, 'base.tar'), debian.mirror]
    await runCommand(['nice', '-n', '19', 'mmdebstrap', ...words, ...target], { say, what: 'Making a small Debian' })
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nADD base.tar /\n')
    const env = { CONTAINERS_STORAGE_CONF: storageConfig }
    const build = ['buildah', 'bud', '--isolation=chroot', '--format=oci', `--tag=${name}`, context]
    await runCommand(['nice', '-n', '19', ...build], { say, env, what: 'Making an image of it' })
    rmSync(context, { recursive: true, force: true })
  },
}
