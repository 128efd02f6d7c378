package dev.arclight.model.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * ONNX Runtime's jar for a program that was started without it: has the classes of {@code onnx.runtime} anew, so that
 * they find what they name; everything else is the application's.
 */
final class RuntimeClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String OURS = RuntimeClassLoader.class.getPackageName() + ".runtime.";

    RuntimeClassLoader(URL jar, ClassLoader application) {
        super("onnxruntime", new URL[] {jar}, application);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
