package io.coppice.behaviours.registry;

/** What the keys of a registry are like (semantics RG1). */
enum Keys {
  /** One process for a key. */
  UNIQUE,
  /** Any number of entries for a key, divided by processes. */
  DUPLICATE_BY_PROCESS,
  /** Any number of entries for a key, all together. */
  DUPLICATE_BY_KEY
}
