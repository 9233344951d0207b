/** Programs to run, each with a test that breaks it. */
@org.jspecify.annotations.NullMarked
module io.coppice.examples {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.jr.ob;
  requires info.picocli;
  requires io.coppice.behaviours;
  requires java.sql;
  requires HdrHistogram;

  opens io.coppice.examples.ledger to
      info.picocli;
}
