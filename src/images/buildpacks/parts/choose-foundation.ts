import type { Repository } from '../../repository/tree.ts'
import type { PlanOptions } from '../contract.ts'
import { condaFoundation } from './conda-foundation.ts'
import type { Foundation } from './foundation.ts'
import { mentions } from './mentions.ts'
import type { PythonChoice } from './python-versions.ts'
import { uvFoundation } from './uv-foundation.ts'

/** uv unless something asks for conda: an old Python, or a script that calls it. */
export function chooseFoundation(repository: Repository, options: PlanOptions, python: PythonChoice): Foundation {
  const hasNode =
    options.node === 'always' || mentions(repository, ['npm', 'npx', 'node', 'yarn', 'jlpm', 'labextension'])
  const needsConda = python.isKernelOnly || mentions(repository, ['conda', 'mamba', 'micromamba'])
  return (needsConda ? condaFoundation : uvFoundation)({ options, python, hasNode })
}
