# Spark's own image with Arclight's jars in it, for plain Spark pods (masters k8s://): Spark's entry point starts them.
#
#   docker build -f deploy/image/spark.Dockerfile --build-arg ARCLIGHT=arclight-VERSION.tar.gz -t arclight-spark dist/target
ARG SPARK=apache/spark:4.1.0-scala2.13-java17-ubuntu

FROM ${SPARK} AS release
ARG ARCLIGHT
WORKDIR /tmp/release
COPY ${ARCLIGHT} release.tar.gz
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# What Spark has stays Spark's: a jar goes in if Spark has none of that name, whatever its version.
RUN mkdir jars \
 && tar -xzf release.tar.gz --strip-components=1 \
 && for jar in lib/*.jar; do \
      name=$(basename "$jar" | sed 's/-[0-9][0-9.]*.*//'); \
      if ! compgen -G "/opt/spark/jars/$name-[0-9]*.jar" >/dev/null; then cp "$jar" jars/; fi; \
    done

FROM ${SPARK}
COPY --from=release /tmp/release/jars/ /opt/spark/jars/
USER 185:185
