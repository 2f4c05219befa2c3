# One image with both programs: mockgw by default, loader as `… loader run smoke --url http://…`.
FROM docker.io/library/debian:12 AS build
COPY scripts/packages.txt scripts/install_packages /src/scripts/
RUN /src/scripts/install_packages build
COPY . /src
WORKDIR /src
RUN cmake --preset release -DLAB_BUILD_BENCHMARKS=OFF \
 && cmake --build --preset release --target mockgw loader \
 && DESTDIR=/installed cmake --install build/release --prefix /usr --strip

FROM docker.io/library/debian:12-slim
COPY scripts/packages.txt scripts/install_packages /scripts/
RUN /scripts/install_packages run && rm -rf /scripts /var/lib/apt/lists/*
COPY --from=build /installed/usr/bin/ /usr/bin/
# Owned by the user, because loader writes its summary file to the current folder.
RUN useradd --system --uid 10001 --home-dir /work --create-home lab
USER 10001
WORKDIR /work
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["mockgw", "--listen", "0.0.0.0:8080"]
