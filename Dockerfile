# One image with both programs and their fixtures: mockgw by default, loader as `… loader run smoke --url http://…`. It holds
# what they need and busybox for a shell, nothing else. BASE is Debian 12, from wherever you have it.
ARG BASE=docker.io/library/debian:12
FROM ${BASE} AS build
COPY scripts/packages.txt scripts/install_packages /src/scripts/
RUN /src/scripts/install_packages build image
COPY . /src
WORKDIR /src
RUN cmake --preset release -DLAB_BUILD_BENCHMARKS=OFF \
 && cmake --build --preset release --target mockgw loader \
 && DESTDIR=/installed cmake --install build/release --prefix /usr --strip \
 && deploy/image_root /installed /image

FROM scratch
COPY --from=build /image/ /
ENV PATH=/usr/bin:/bin
USER 10001:10001
# Writable, because loader leaves its summary file in the current folder.
WORKDIR /work
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=2s --retries=3 CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]
CMD ["mockgw", "--listen", "0.0.0.0:8080"]
