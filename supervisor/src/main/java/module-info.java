/** Child specifications, strategies, restart intensity and the supervisors that apply them. */
@org.jspecify.annotations.NullMarked
module io.coppice.supervisor {
  requires transitive io.coppice.kernel;
  requires jdk.jfr;
  requires static transitive org.jspecify;

  exports io.coppice.supervisor;
}
