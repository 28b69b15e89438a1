import { Type } from 'typebox'
import { Identity, ProxyRoute } from '../models.ts'
import { includeStopped, page } from '../parameters.ts'
import { anyCredentials, needs, open, route } from '../route.ts'

const Class = Type.Object({ class: Type.String(), version: Type.String() })

export const getVersion = route({
  id: 'getVersion',
  method: 'GET',
  path: '/',
  access: open,
  answers: { 200: Type.Object({ version: Type.String() }) },
  doc: 'The version of the REST API, as that of the JupyterHub it equals.',
})

export const getInfo = route({
  id: 'getInfo',
  method: 'GET',
  path: '/info',
  access: needs('read:hub'),
  answers: {
    200: Type.Object({
      version: Type.String(),
      python: Type.String({ description: 'The runtime; here Node.js' }),
      sys_executable: Type.String(),
      spawner: Class,
      authenticator: Class,
    }),
  },
  doc: 'What the hub runs with.',
})

export const getIdentity = route({
  id: 'getIdentity',
  method: 'GET',
  path: '/user',
  access: anyCredentials,
  query: includeStopped,
  answers: { 200: Identity },
  doc: 'Who the caller is, and the scopes of the credentials.',
})

export const listProxyRoutes = route({
  id: 'listProxyRoutes',
  method: 'GET',
  path: '/proxy',
  access: needs('proxy'),
  query: page,
  answers: { 200: Type.Record(Type.String(), ProxyRoute) },
  doc: "The proxy's routing table.",
})

export const checkProxyRoutes = route({
  id: 'checkProxyRoutes',
  method: 'POST',
  path: '/proxy',
  access: needs('proxy'),
  answers: { 200: null },
  doc: "Brings the proxy's routing table in line with the servers.",
})

export const changeProxy = route({
  id: 'changeProxy',
  method: 'PATCH',
  path: '/proxy',
  access: needs('proxy'),
  body: Type.Object({ api_url: Type.Optional(Type.String()), auth_token: Type.Optional(Type.String()) }),
  answers: { 200: null },
  doc: 'Tells the hub of another proxy.',
  notBuilt: 'The address of the proxy can only be set at start.',
})

export const shutDown = route({
  id: 'shutDown',
  method: 'POST',
  path: '/shutdown',
  access: needs('shutdown'),
  body: Type.Object({ proxy: Type.Optional(Type.Boolean()), servers: Type.Optional(Type.Boolean()) }),
  bodyOptional: true,
  answers: { 202: Type.Object({ message: Type.String() }) },
  doc: 'Stops the hub, and with it the proxy or the servers where asked.',
})

export const identifyToken = route({
  id: 'identifyToken',
  method: 'GET',
  path: '/authorizations/token/{token}',
  access: anyCredentials,
  answers: { 200: Identity },
  doc: 'The owner of a token, for servers older than JupyterHub 2.',
})
