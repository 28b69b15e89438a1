import { bytes, command, cpu, environment, flag, freeMap, integer, number, text, texts } from '../schema/kinds.ts'
import { hook, idle, refused, trait } from './table.ts'

/** `hub.config.Spawner`: what every spawner has. */
export const spawner = {
  cmd: trait(command(), {
    default: ['jupyterhub-singleuser'],
    setting: 'cmd',
    description: 'The command of a server.',
  }),
  args: trait(texts(), { default: [], setting: 'args', description: 'More arguments for the command.' }),
  default_url: trait(text(), {
    default: '',
    setting: 'defaultUrl',
    description: 'What a server opens with, e.g. /lab. {username} is replaced.',
  }),
  notebook_dir: trait(text(), {
    default: '',
    setting: 'notebookDir',
    description: 'The directory that the file browser shows. {username} is replaced.',
  }),
  environment: trait(environment(), {
    default: {},
    setting: 'environment',
    description: 'Environment variables of a server.',
  }),
  env_keep: trait(texts(), {
    default: [
      'JUPYTERHUB_SINGLEUSER_APP',
      'PATH',
      'PYTHONPATH',
      'CONDA_ROOT',
      'CONDA_DEFAULT_ENV',
      'VIRTUAL_ENV',
      'LANG',
      'LC_ALL',
    ],
    setting: 'envKeep',
    description: "Variables of the hub's own environment that servers inherit.",
  }),
  mem_limit: trait(bytes(), { default: null, setting: 'memLimitBytes', description: 'The most memory of a server.' }),
  mem_guarantee: trait(bytes(), {
    default: null,
    setting: 'memGuaranteeBytes',
    description: 'Memory that a server always has.',
  }),
  cpu_limit: trait(cpu(), { default: null, setting: 'cpuLimit', description: 'The most cores of a server.' }),
  cpu_guarantee: trait(cpu(), {
    default: null,
    setting: 'cpuGuarantee',
    description: 'Cores that a server always has.',
  }),
  start_timeout: trait(integer({ minimum: 1, unit: 'seconds' }), {
    default: 60,
    setting: 'startTimeoutSeconds',
    description: 'How long a server may take to start. Set it as singleuser.startTimeout.',
  }),
  http_timeout: trait(integer({ minimum: 1, unit: 'seconds' }), {
    // JupyterHub's 30 fails good servers when a class starts at once on a small machine; one that died is told at once.
    default: 120,
    setting: 'httpTimeoutSeconds',
    description: 'How long a started server may take until it answers.',
  }),
  poll_interval: trait(integer({ minimum: 1, unit: 'seconds' }), {
    default: 30,
    setting: 'pollIntervalSeconds',
    description: 'How often servers are looked at.',
  }),
  debug: trait(flag(), { default: false, setting: 'debug', description: 'Servers log more.' }),
  disable_user_config: trait(flag(), {
    default: false,
    setting: 'disableUserConfig',
    description: "Servers do not read configuration from the user's home.",
  }),
  oauth_client_allowed_scopes: trait(texts(), {
    default: [],
    setting: 'oauthClientAllowedScopes',
    description: 'Scopes that a server may ask of the users who visit it.',
  }),
  server_token_scopes: trait(texts(), {
    default: [],
    setting: 'serverTokenScopes',
    description: "Scopes of a server's own token, instead of the role server.",
  }),
  group_overrides: trait(freeMap(), {
    default: {},
    setting: 'groupOverrides',
    description: 'Other values for the members of groups: name → {groups, spawner_override}.',
  }),
  ip: idle('The spawner chooses the address.'),
  port: idle('The spawner chooses the port.'),
  poll_jitter: idle('Servers are watched, not polled in step.'),
  consecutive_failure_limit: idle('The hub goes on after failed starts: it has nothing to gain from ending.'),
  options_form: hook(
    'Write the choices as singleuser.profileList, or export optionsForm from TypeScript in hub.extraConfig (docs/hooks.md).',
  ),
  options_from_form: hook('Export optionsFromForm from TypeScript in hub.extraConfig (docs/hooks.md).'),
  apply_user_options: refused('Write the choices as singleuser.profileList.'),
  oauth_roles: refused('Write the scopes as oauth_client_allowed_scopes.'),
  pre_spawn_hook: hook(
    'What it did may have a setting: singleuser.overrides, singleuser.extraEnv, profiles; else export preSpawn from TypeScript in hub.extraConfig (docs/hooks.md).',
  ),
  post_stop_hook: hook('Export postStop from TypeScript in hub.extraConfig (docs/hooks.md).'),
  auth_state_hook: hook(
    'singleuser.authStateEnv makes variables of it; else export authStateToEnvironment from TypeScript in hub.extraConfig (docs/hooks.md).',
  ),
  progress_ready_hook: hook('There is no setting for it.'),
  hub_connect_url: idle('Servers reach the hub through the proxy.'),
  ssl_alt_names: refused('TLS between the parts is not possible yet.'),
  ssl_alt_names_include_local: refused('TLS between the parts is not possible yet.'),
}

/** `hub.config.LocalProcessSpawner`: servers as processes on the hub's machine. */
export const localProcess = {
  interrupt_timeout: trait(number({ minimum: 0, unit: 'seconds' }), {
    default: 30,
    setting: 'interruptTimeoutSeconds',
    description: 'How long a server has after SIGINT.',
  }),
  term_timeout: trait(number({ minimum: 0, unit: 'seconds' }), {
    default: 30,
    setting: 'termTimeoutSeconds',
    description: 'How long a server has after SIGTERM.',
  }),
  kill_timeout: trait(number({ minimum: 0, unit: 'seconds' }), {
    default: 5,
    setting: 'killTimeoutSeconds',
    description: 'How long the end of a server is waited for after SIGKILL.',
  }),
  system_users: trait(flag(), {
    default: false,
    setting: 'systemUsers',
    description: 'Run each server as the system user of the same name; only where the hub runs as root.',
  }),
  popen_kwargs: refused('It was for Python; use environment and cmd.'),
  shell_cmd: refused('Put the shell into cmd: ["bash", "-lc", "exec jupyterhub-singleuser"].'),
}

/** `hub.config.LocalAuthenticator`: system users. */
export const localAuthenticator = {
  create_system_users: trait(flag(), {
    default: false,
    setting: 'createSystemUsers',
    description: 'Make missing system users; only where the hub runs as root.',
  }),
  add_user_cmd: refused('Users are made with useradd; make others beforehand.'),
  uids: refused('Make the users with their ids beforehand.'),
  allowed_groups: refused('System groups are not read. Use hub.config.Authenticator.allowed_users.'),
  admin_groups: refused('System groups are not read. Use hub.config.Authenticator.admin_users.'),
  group_whitelist: refused('System groups are not read. Use hub.config.Authenticator.allowed_users.'),
}
