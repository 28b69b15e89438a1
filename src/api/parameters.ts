/** Query parameters that several routes share. */
import { Type } from 'typebox'

export const page = {
  offset: Type.Integer({ description: 'Rows to skip; default 0' }),
  limit: Type.Integer({ description: 'Rows at most; default 50 with the pagination media type, else 200' }),
}

export const includeStopped = {
  include_stopped_servers: Type.Boolean({ description: 'Show servers that are not running too' }),
}

export const userList = {
  ...page,
  ...includeStopped,
  state: Type.Enum(['active', 'inactive', 'ready'], { description: 'Only users with such servers' }),
  sort: Type.Enum(['id', '-id', 'name', '-name', 'last_activity', '-last_activity'], {
    description: 'Order; `id` by default, `-` reverses',
  }),
  name_filter: Type.String({ description: 'Part of the name, upper and lower case alike' }),
}
