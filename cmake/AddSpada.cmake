# One function per kind of library. Every target takes its flags from `spada_flags`.

add_library(spada_flags INTERFACE)
target_include_directories(spada_flags INTERFACE
  ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/runtime/include
  ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/include)
target_compile_options(spada_flags INTERFACE -Wall -Wextra -Werror -Wno-unused-parameter)
# Debian's libMLIR is built with NDEBUG; without it llvm::Statistic has another layout.
target_compile_definitions(spada_flags INTERFACE NDEBUG _GNU_SOURCE)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_link_options(spada_flags INTERFACE -fuse-ld=lld)
endif()
if(SPADA_SANITIZE)
  target_compile_options(spada_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(spada_flags INTERFACE -fsanitize=address,undefined)
endif()

add_library(spada_mlir_flags INTERFACE)
target_link_libraries(spada_mlir_flags INTERFACE spada_flags MLIR LLVM)
target_include_directories(spada_mlir_flags SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})

# mlir_tablegen reads its include path from the directory property.
include_directories(SYSTEM ${MLIR_INCLUDE_DIRS})
include_directories(${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})

# One precompiled header shared by all MLIR libraries; only clang gains by it.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  file(WRITE ${PROJECT_BINARY_DIR}/pch.cpp "")
  add_library(spada_pch OBJECT ${PROJECT_BINARY_DIR}/pch.cpp)
  target_link_libraries(spada_pch PRIVATE spada_mlir_flags)
  target_compile_options(spada_pch PRIVATE -Xclang -fno-pch-timestamp)
  target_precompile_headers(spada_pch PRIVATE
    <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h> <mlir/IR/BuiltinTypes.h> <mlir/IR/OpImplementation.h>
    <mlir/IR/PatternMatch.h> <mlir/IR/Matchers.h> <mlir/Pass/Pass.h> <mlir/Pass/PassManager.h>
    <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/SCF/IR/SCF.h> <mlir/Dialect/MemRef/IR/MemRef.h>
    <llvm/Support/raw_ostream.h> <llvm/ADT/TypeSwitch.h>)
endif()

# spada_library(<name> <source>... [LINK <library>...] [DEPENDS <target>...]): a library over MLIR.
function(spada_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC spada_mlir_flags ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(TARGET spada_pch)
    target_compile_options(${name} PRIVATE -Xclang -fno-pch-timestamp)
    target_precompile_headers(${name} REUSE_FROM spada_pch)
  endif()
endfunction()

# spada_plain_library(<name> <source>... [LINK <library>...]): a library without MLIR.
function(spada_plain_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC spada_flags ${ARG_LINK})
endfunction()

# spada_tool(<name> <source>... LINK <library>...): a program over MLIR in build/bin.
function(spada_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} spada_mlir_flags)
endfunction()
