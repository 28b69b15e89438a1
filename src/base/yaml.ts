/** The one door to the YAML library: `config.yaml`, its parts, and kubeconfigs. */
export * from 'yaml'
