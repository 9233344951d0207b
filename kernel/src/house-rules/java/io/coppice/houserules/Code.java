package io.coppice.houserules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;

/** The main code of one module, as compiled and as written. */
record Code(JavaClasses classes, List<Source> sources) {
  static Code read(Path classFolder, Path sourceFolder) {
    List<Source> sources = Source.readAll(sourceFolder);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("no Java files in " + sourceFolder);
    }
    return new Code(new ClassFileImporter().importPath(classFolder), sources);
  }
}
