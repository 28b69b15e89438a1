import { Type } from 'typebox'
import { Service } from '../models.ts'
import { needs, needsSome, route } from '../route.ts'

const notBuilt = 'Services can only be set up in config.yaml, under hub.services.'

export const listServices = route({
  id: 'listServices',
  method: 'GET',
  path: '/services',
  access: needsSome('list:services'),
  answers: { 200: Type.Record(Type.String(), Service) },
  doc: 'Lists the services that the caller may see, by name.',
})

export const getService = route({
  id: 'getService',
  method: 'GET',
  path: '/services/{service}',
  access: needs('read:services', 'read:services:name', 'read:roles:services'),
  answers: { 200: Service },
  doc: 'Shows one service.',
})

export const createService = route({
  id: 'createService',
  method: 'POST',
  path: '/services/{service}',
  access: needs('admin:services'),
  body: Type.Record(Type.String(), Type.Unknown()),
  answers: { 201: Service },
  doc: 'Creates a service at run time.',
  notBuilt,
})

/** Every service comes from config.yaml, and those can't be deleted here: the answer is 405. */
export const deleteService = route({
  id: 'deleteService',
  method: 'DELETE',
  path: '/services/{service}',
  access: needs('admin:services'),
  answers: { 200: null },
  doc: 'Deletes a service that was created at run time.',
})
