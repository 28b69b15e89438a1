import { flag, map, secret, text } from '../schema/kinds.ts'
import { idle, refused, trait } from './table.ts'

/** `hub.config.Proxy`. */
export const proxy = {
  should_start: trait(flag(), {
    default: true,
    setting: 'shouldStart',
    description: 'The hub starts the proxy. Off: somebody else runs it, and ConfigurableHTTPProxy.api_url says where.',
  }),
  extra_routes: trait(map(text({ format: 'url' })), {
    default: {},
    setting: 'extraRoutes',
    description: 'More routes: a path that ends in / → the address to forward to.',
  }),
}

/** `hub.config.ConfigurableHTTPProxy`. */
export const configurableHttpProxy = {
  api_url: trait(text({ format: 'url' }), {
    default: null,
    setting: 'apiUrl',
    description: "The address of the proxy's REST API, where somebody else runs the proxy.",
  }),
  auth_token: trait(secret(), {
    default: null,
    setting: 'authToken',
    description: 'The token shared with the proxy. Without it one is made and kept. Set it as proxy.secretToken.',
  }),
  command: idle('The proxy is part of Himalia.'),
  command_umask: idle('The proxy is part of Himalia.'),
  concurrency: idle('Routes are sent as fast as the proxy takes them.'),
  log_level: idle('The proxy logs more with debug.enabled.'),
  debug: refused('Use debug.enabled.'),
  check_running_interval: idle('The proxy is watched all the time.'),
  pid_file: idle('Himalia finds its processes by its data directory.'),
}
