/** Which fields of a record each scope on it shows. The rows are JupyterHub's. */
import type { Group, Service, User } from './models.ts'

const identity = ['kind', 'name', 'user_info', 'admin'] as const

export const userFields: Readonly<Record<string, readonly (keyof User)[]>> = {
  'read:users': [...identity, 'roles', 'groups', 'server', 'pending', 'created', 'last_activity'],
  'read:users:name': identity,
  'read:users:groups': ['kind', 'name', 'groups'],
  'read:users:activity': ['kind', 'name', 'last_activity'],
  'read:servers': ['kind', 'name', 'servers'],
  'read:roles:users': ['kind', 'name', 'roles', 'admin'],
  'admin:auth_state': ['kind', 'name', 'auth_state'],
}

export const groupFields: Readonly<Record<string, readonly (keyof Group)[]>> = {
  'read:groups': ['kind', 'name', 'users', 'properties'],
  'read:groups:name': ['kind', 'name'],
  'read:roles:groups': ['kind', 'name', 'roles'],
}

export const serviceFields: Readonly<Record<string, readonly (keyof Service)[]>> = {
  'read:services': ['kind', 'name', 'admin', 'url', 'prefix', 'command', 'pid', 'info', 'display'],
  'read:services:name': ['kind', 'name', 'admin'],
  'read:roles:services': ['kind', 'name', 'roles'],
}
