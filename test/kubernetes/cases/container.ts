import type { Case } from '../case.ts'

export const container: readonly Case[] = [
  { says: 'an image', traits: { image: 'registry.example.org/a/b:1', image_pull_policy: 'Always' } },
  { says: 'pull secrets as names and references', traits: { image_pull_secrets: ['one', { name: 'two' }] } },
  { says: 'one pull secret as a text', traits: { image_pull_secrets: 'one' } },
  { says: 'a command of one word', traits: { cmd: 'jupyterhub-singleuser' } },
  {
    says: 'a command with arguments',
    traits: { cmd: ['start.sh', 'jupyter-labhub'], args: ['--debug', '{username}'] },
  },
  { says: 'arguments without a command', traits: { args: ['--debug'] } },
  { says: 'a working directory', traits: { working_dir: '/home/{username}' } },
  { says: 'an account', traits: { service_account: 'sa-{username}' } },
  { says: 'an account without its token', traits: { service_account: 'sa', automount_service_account_token: false } },
  { says: 'a token without an account', traits: { automount_service_account_token: true } },
  { says: 'user and group ids', traits: { uid: 1000, gid: 100, fs_gid: 101, supplemental_gids: [7, 8] } },
  { says: 'the user id of root', traits: { uid: 0, gid: 0, fs_gid: 0 } },
  { says: 'a privileged container', traits: { privileged: true, allow_privilege_escalation: true } },
  {
    says: 'security contexts over the single settings',
    traits: {
      uid: 1000,
      fs_gid: 100,
      container_security_context: { runAsUser: 5, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
      pod_security_context: { fsGroup: 6, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    },
  },
  {
    says: 'hooks of its life',
    traits: {
      lifecycle_hooks: {
        postStart: { exec: { command: ['sh', '-c', 'gitpuller https://example.org/a main a; echo {username}'] } },
        preStop: { exec: { command: ['sync'] } },
      },
    },
  },
  {
    says: 'hooks with names as Python has them',
    traits: { lifecycle_hooks: { post_start: { exec: { command: ['x'] } } } },
  },
  { says: 'a limit of memory', traits: { mem_limit: '2G', mem_guarantee: '512M' } },
  { says: 'a limit of one and a half gigabytes', traits: { mem_limit: '1.5G', mem_guarantee: 1_000_000 } },
  { says: 'a limit of processors', traits: { cpu_limit: 2, cpu_guarantee: 0.5 } },
  { says: 'limits of nothing', traits: { mem_limit: 0, mem_guarantee: 0, cpu_limit: 0, cpu_guarantee: 0 } },
  {
    says: 'other resources',
    traits: {
      cpu_limit: 1,
      extra_resource_limits: { 'nvidia.com/gpu': '1', 'amd.com/gpu': '2', 'nvidia.com/mig-1g.5gb': '1' },
      extra_resource_guarantees: { 'ephemeral-storage': '10Gi' },
    },
  },
  {
    says: 'other resources that replace known ones',
    traits: { mem_limit: '1G', extra_resource_limits: { memory: '3Gi' } },
  },
  {
    says: 'containers before it',
    server: 'gpu',
    traits: {
      init_containers: [
        {
          name: 'set-up-{servername}',
          image: 'busybox',
          command: ['sh', '-c', 'chown {userid} /home; echo {{HOME}}'],
          volume_mounts: [{ name: 'home', mountPath: '/home' }],
          securityContext: { runAsUser: 0 },
        },
      ],
    },
  },
  {
    says: 'containers before it, by name',
    traits: {
      init_containers: {
        b: { name: 'b', image: 'x' },
        a: { name: 'a', image: 'y' },
        '10': { name: 'ten', image: 'z' },
      },
    },
  },
  {
    says: 'containers beside it',
    traits: {
      extra_containers: [
        {
          name: 'side',
          image: 'sidecar:{username}',
          env: [{ name: 'U', value: '{unescaped_username}' }],
          image_pull_policy: 'Never',
        },
      ],
    },
  },
  {
    says: 'containers beside it, by name',
    traits: { extra_containers: { z: { name: 'z' }, y: { name: 'y', ports: [] } } },
  },
  {
    says: 'other fields of the container',
    traits: {
      extra_container_config: {
        envFrom: [{ configMapRef: { name: 'all-{username}' } }],
        stdin: true,
        image_pull_policy: 'Never',
        termination_message_path: '/dev/x',
      },
    },
  },
  {
    says: 'fields of the container that replace made ones',
    traits: {
      cmd: ['a'],
      volume_mounts: [{ name: 'home', mountPath: '/home' }],
      extra_container_config: { volumeMounts: [], args: ['b'], resources: { limits: { cpu: '1' } }, lifecycle: null },
    },
  },
]

export const environment: readonly Case[] = [
  {
    says: 'variables',
    traits: { environment: { PLAIN: 'x', NAMED: '{username} of {unescaped_username}', EMPTY: '' } },
  },
  { says: 'a variable with braces', traits: { environment: { JSON: '{{"a": {{"b": 1}}}}' } } },
  {
    says: 'variables from elsewhere',
    traits: {
      environment: {
        SECRET: { valueFrom: { secretKeyRef: { name: 'of-{username}', key: 'k' } } },
        NODE: { value_from: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        handle: { name: 'OTHER', value: 'v-{username}' },
      },
    },
  },
  {
    says: 'variables that refer to each other',
    traits: {
      environment: {
        A: '$(B)/x',
        B: '$(C)/y',
        C: 'z',
        SELF: '$(SELF):a',
        NOWHERE: '$(UNKNOWN)',
        LOOP1: '$(LOOP2)',
        LOOP2: '$(LOOP1)',
        Z: '$(JUPYTERHUB_USER)',
      },
    },
  },
  {
    says: 'a variable of the hub, replaced',
    traits: { environment: { JUPYTERHUB_USER: 'me', JUPYTER_IMAGE: 'mine' } },
  },
  {
    says: 'the same variable under two handles',
    traits: { environment: { a: { name: 'X', value: '1' }, b: { name: 'X', value: '2' } } },
  },
  { says: 'a variable that is null', traits: { environment: { NOTHING: null } } },
  { says: 'variables that are no text', traits: { environment: { N: 5, YES: true } }, differs: 'scalar variables' },
  {
    says: 'variables in an order of their own',
    traits: { environment: { é: '1', 'A-B': '2', a_b: '3', _: '4', '9': '5' } },
  },
]
