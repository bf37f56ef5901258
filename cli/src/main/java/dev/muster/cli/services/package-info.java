/// `services`: register and deregister instances.
@NullMarked
package dev.muster.cli.services;

import org.jspecify.annotations.NullMarked;
