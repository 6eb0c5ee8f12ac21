# spada_grammar(<name> <file.g4> NAMESPACE <namespace>): library <name> with lexer and parser that ANTLR makes of the
# grammar <file.g4> of this folder. Its headers, and the runtime's, come with it as system headers.
function(spada_grammar name file)
  cmake_parse_arguments(ARG "" "NAMESPACE" "" ${ARGN})
  find_program(ANTLR4_EXE antlr4 REQUIRED)
  find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
  find_library(ANTLR4_LIB antlr4-runtime REQUIRED)

  # Debian's tool (4.7) and runtime (4.9) share one serialized form.
  get_filename_component(stem ${file} NAME_WE)
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/grammar)
  set(files ${dir}/${stem}Lexer.cpp ${dir}/${stem}Lexer.h ${dir}/${stem}Parser.cpp ${dir}/${stem}Parser.h)
  add_custom_command(OUTPUT ${files}
    COMMAND ${ANTLR4_EXE} -Dlanguage=Cpp -no-visitor -no-listener -package ${ARG_NAMESPACE} -o ${dir} ${file}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    DEPENDS ${file} VERBATIM)

  add_library(${name} STATIC ${files})
  target_include_directories(${name} SYSTEM PUBLIC ${ANTLR4_INCLUDE} ${dir})
  # The tool writes u8"" literals as std::string, which C++20 forbids.
  set_target_properties(${name} PROPERTIES CXX_STANDARD 17)
  target_compile_options(${name} PRIVATE -w)
  target_link_libraries(${name} PUBLIC ${ANTLR4_LIB})
endfunction()

# spada_parser_library(<name> <source>... GRAMMAR <library>): the hand-written part of a parser; no MLIR.
function(spada_parser_library name)
  cmake_parse_arguments(ARG "" "GRAMMAR" "" ${ARGN})
  spada_plain_library(${name} ${ARG_UNPARSED_ARGUMENTS} LINK ${ARG_GRAMMAR})
  target_compile_options(${name} PRIVATE -Wno-attributes)
endfunction()
