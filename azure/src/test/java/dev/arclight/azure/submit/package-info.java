@NullMarked
package dev.arclight.azure.submit;

import org.jspecify.annotations.NullMarked;
