package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.supervisor.Supervisor;

// @start region="shop"
/** Sells things. */
final class Shop implements Application<Pid> {
  static final ConfigKey<Integer> PORT =
      ConfigKey.integer("port").where(p -> p > 0 && p < 65_536, "from 1 to 65535").orElse(8080);

  @Override
  public Startup<Pid> start(Context self, Environment settings) {
    int port = settings.get(PORT);
    return Startup.ok(Supervisor.oneForOne().name("shop-" + port).start(self).pid());
  }

  // @end

  // @start region="spec"
  static final ApplicationSpec SPEC =
      ApplicationSpec.of("shop", Shop::new)
          .description("sells things")
          .version("1.0")
          .requires("books")
          .setting(PORT);

  // @end

  private Shop() {}

  static Applications open(Processes node) {
    // @start region="run"
    Applications all =
        Applications.launch(
            node,
            ApplicationsOptions.DEFAULT
                .specs(Shop.SPEC, ApplicationSpec.of("books", Supervisor.oneForOne()))
                .commandLine(Configuration.of(System.getProperties(), "coppice.app.")));
    all.ensureAllStarted("shop"); // books first, since the shop needs them
    // @end
    return all;
  }
}
