package io.coppice.supervisor;

import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.Pid;
import java.util.Optional;

/** The keys of a partition supervisor as names, which lead somewhere without being registered. */
record PartitionNames(PartitionSupervisor partitions) implements NameRegistry {
  @Override
  public boolean registerName(Object key, Pid pid) {
    throw fixed();
  }

  @Override
  public void unregisterName(Object key) {
    throw fixed();
  }

  private IllegalArgumentException fixed() {
    return new IllegalArgumentException(
        "The keys of the partition supervisor "
            + partitions
            + " lead to its partitions, so they cannot be registered for other processes.");
  }

  @Override
  public Optional<Pid> whereisName(Object key) {
    return partitions.whereis(key);
  }

  @Override
  public void send(Object key, Object message) {
    partitions.send(key, message);
  }

  @Override
  public String toString() {
    return "partitions of " + partitions;
  }
}
