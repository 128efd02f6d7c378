@NullMarked
package dev.arclight.azure.deploy;

import org.jspecify.annotations.NullMarked;
