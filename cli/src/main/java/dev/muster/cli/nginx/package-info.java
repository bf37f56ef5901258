/// The program under the name `nginx`: its flags, files, messages and signals.
@NullMarked
package dev.muster.cli.nginx;

import org.jspecify.annotations.NullMarked;
