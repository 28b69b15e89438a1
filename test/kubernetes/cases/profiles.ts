import type { Case } from '../case.ts'

const plain = { display_name: 'Plain' }
const only = (override: object, more: object = {}) => [{ ...plain, kubespawner_override: override, ...more }]
const options = {
  image: {
    display_name: 'Image',
    choices: {
      a: { display_name: 'A', kubespawner_override: { image: 'a:1' } },
      b: { display_name: 'B', default: true, kubespawner_override: { image: 'b:1', environment: { B: 'yes' } } },
    },
    unlisted_choice: {
      enabled: true,
      validation_regex: '^.+:.+$',
      kubespawner_override: { image: '{value}', environment: { PICKED: 'the {value}', LEFT: '{other}' } },
    },
  },
  size: {
    display_name: 'Size',
    choices: {
      small: { kubespawner_override: { mem_limit: '1G', cpu_limit: 1 } },
      large: { kubespawner_override: { mem_limit: '8G', cpu_limit: 4, node_selector: { pool: 'large' } } },
    },
  },
}
const offering = [
  { display_name: 'Python', description: 'One', kubespawner_override: { image: 'python:1' } },
  { display_name: 'Data & science', default: true, kubespawner_override: { image: 'data:1', mem_limit: '3G' } },
  { display_name: 'Choose', slug: 'choose', kubespawner_override: { image: 'none' }, profile_options: options },
]
const offer = { profile_list: offering }

export const profiles: readonly Case[] = [
  { says: 'the default profile', traits: offer },
  { says: 'a profile by its slug', traits: offer, options: { profile: 'python' } },
  { says: 'a profile with a slug from its name', traits: offer, options: { profile: 'data-science' } },
  { says: 'the default choices of a profile', traits: offer, options: { profile: 'choose' } },
  { says: 'choices of a profile', traits: offer, options: { profile: 'choose', image: 'a', size: 'large' } },
  {
    says: "a choice of one's own",
    traits: offer,
    options: { profile: 'choose', size: 'large', 'image--unlisted-choice': 'mine:2' },
    differs: 'unlisted value',
  },
  {
    says: "a choice of one's own beside a listed one",
    traits: {
      profile_list: [
        {
          ...plain,
          profile_options: {
            i: { ...options.image, unlisted_choice: { enabled: true, kubespawner_override: { image: '{value}' } } },
          },
        },
      ],
    },
    options: { profile: 'plain', i: 'a', 'i--unlisted-choice': 'mine:2' },
  },
  {
    says: 'profiles by name',
    traits: {
      profile_list: {
        b: { display_name: 'B', kubespawner_override: { image: 'b' } },
        a: { display_name: 'A', kubespawner_override: { image: 'a' } },
      },
    },
  },
  {
    says: 'a map in a map of a profile',
    traits: {
      environment: { KEPT: '1', CHANGED: '2', GONE: '3' },
      extra_pod_config: { dnsConfig: { searches: ['a'], nameservers: ['1.1.1.1'] }, hostPID: true },
      profile_list: only({
        environment: { CHANGED: 'x', GONE: null, NEW: '{username}' },
        extra_pod_config: { dnsConfig: { nameservers: null, options: [{ name: 'b' }] }, hostPID: null },
      }),
    },
  },
  {
    says: 'a list that replaces a list',
    traits: {
      volumes: [{ name: 'a', emptyDir: {} }],
      tolerations: [{ key: 'a' }],
      profile_list: only({ volumes: [{ name: 'b', emptyDir: {} }], tolerations: [] }),
    },
  },
  {
    says: 'a map that is merged into a map of volumes',
    traits: {
      volumes: { home: { name: 'home', emptyDir: { medium: 'Memory' } }, b: { name: 'b' } },
      volume_mounts: { home: { name: 'home', mountPath: '/home' } },
      profile_list: only({
        volumes: { home: { emptyDir: { sizeLimit: '1Gi' } }, b: null, c: { name: 'c' } },
        volume_mounts: { c: { name: 'c', mountPath: '/c' } },
      }),
    },
  },
  {
    says: 'a map that replaces a list',
    traits: { volumes: [{ name: 'a' }], profile_list: only({ volumes: { x: { name: 'x' } } }) },
  },
  {
    says: 'a null in a profile',
    traits: {
      mem_limit: '1G',
      uid: 7,
      storage_class: 'x',
      profile_list: only({ mem_limit: null, uid: null, storage_class: null }),
    },
  },
  {
    says: 'a profile that changes nearly everything',
    traits: {
      profile_list: only({
        image: 'x',
        image_pull_policy: 'Always',
        cmd: ['jupyter-labhub'],
        args: ['--x'],
        cpu_guarantee: 1.5,
        mem_guarantee: '1G',
        extra_resource_limits: { 'nvidia.com/gpu': '1' },
        extra_labels: { p: '{username}' },
        extra_annotations: { q: 'r' },
        privileged: true,
        node_selector: { pool: 'gpu' },
        lifecycle_hooks: { postStart: { exec: { command: ['x'] } } },
        init_containers: [{ name: 'i', image: 'i' }],
        scheduler_name: 's',
        priority_class_name: 'p',
        storage_capacity: '20Gi',
        supplemental_gids: [5],
        service_account: 'sa',
        automount_service_account_token: true,
      }),
    },
  },
  {
    says: 'names that a profile changes',
    user: 'ada',
    server: 'gpu',
    traits: { profile_list: only({ pod_name_template: 'other-{username}', working_dir: '/home/{username}' }) },
    differs: 'late templates',
  },
  { says: 'no profiles, but one asked for', options: { profile: 'gone' }, differs: 'no profiles' },
  { says: 'an option that is no key of the profile', traits: offer, options: { profile: 'python', other: 'x' } },
]
