# What `cmake --install` puts where. The program finds models and sample by their place beside it (core/model/find_model).
include(GNUInstallDirs)
set(data ${CMAKE_INSTALL_DATADIR}/dff-studio)

install(TARGETS dff dff-studio RUNTIME COMPONENT studio)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/models DESTINATION ${data} COMPONENT studio)
install(FILES ${CMAKE_SOURCE_DIR}/resources/sample.mp4 DESTINATION ${data}/resources COMPONENT studio)
set(desktop ${CMAKE_SOURCE_DIR}/packaging/desktop)
install(FILES ${desktop}/dff-studio.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT studio)
install(FILES ${desktop}/dff-studio.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps COMPONENT studio)
install(FILES ${desktop}/dff-studio.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo
        RENAME io.github.dff_studio.DffStudio.metainfo.xml COMPONENT studio)
install(FILES ${desktop}/dff-studio.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
        RENAME dff-studio.xml COMPONENT studio)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/dff-studio RENAME copyright COMPONENT studio)

# Man pages are made from --help, and --help from the option tables.
find_program(HELP2MAN help2man)
if(HELP2MAN)
  set(pages)
  set(verbs run eval compare sweep train import calibrate synth info bench export-onnx selftest)
  list(TRANSFORM verbs PREPEND dff- OUTPUT_VARIABLE verb_pages)
  foreach(page dff dff-studio ${verb_pages})
    string(REGEX REPLACE "^dff-" "dff " command ${page})
    if(page STREQUAL dff-studio)
      set(command dff-studio)
    endif()
    set(out ${CMAKE_BINARY_DIR}/man/${page}.1)
    add_custom_command(OUTPUT ${out} DEPENDS dff dff-studio
      COMMAND ${CMAKE_SOURCE_DIR}/packaging/man_page ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} "${command}" ${PROJECT_VERSION} ${out})
    list(APPEND pages ${out})
  endforeach()
  add_custom_target(man ALL DEPENDS ${pages})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT studio OPTIONAL)
endif()

# The core as a library: find_package(DffStudio), link DffStudio::dff_core, include "core/run/engine.h".
set(rooms dff_kernels dff_base dff_media dff_tensor_files dff_model dff_flow dff_schedule dff_task dff_run dff_motion dff_synthetic dff_data
          dff_train dff_eval dff_export dff_core)
if(DFF_CUDA)
  list(APPEND rooms dff_cuda)
endif()
install(TARGETS ${rooms} EXPORT DffStudio ARCHIVE COMPONENT development)
foreach(lowest dff_kernels dff_base)
  target_include_directories(${lowest} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/dff-studio>)
endforeach()
foreach(layer kernels core)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dff-studio COMPONENT development
          FILES_MATCHING PATTERN "*.h")
endforeach()
set(cmakeFiles ${CMAKE_INSTALL_LIBDIR}/cmake/DffStudio)
install(EXPORT DffStudio NAMESPACE DffStudio:: FILE DffStudioTargets.cmake DESTINATION ${cmakeFiles} COMPONENT development)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/DffStudioConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/DffStudioConfig.cmake ${CMAKE_BINARY_DIR}/DffStudioConfigVersion.cmake
        DESTINATION ${cmakeFiles} COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dff-studio)
set(CPACK_PACKAGE_VENDOR "The DFF Studio developers")
set(CPACK_PACKAGE_CONTACT "The DFF Studio developers <dff-studio@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Video recognition by Deep Feature Flow")
set(CPACK_PACKAGE_DESCRIPTION "A desktop application and a command line that segment video several times faster than frame by
frame: a heavy network on sparse key frames, its features propagated along estimated motion in between.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL studio)
set(CPACK_DEBIAN_STUDIO_PACKAGE_NAME dff-studio)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, libopenblas0-openmp")  # not linked, but what makes the flow network quick
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-inter, fonts-jetbrains-mono, fonts-noto-cjk")
include(CPack)
