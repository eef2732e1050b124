"""Well-known names and folders, by ecosystem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change import role_names
from hunkworks.change.model import Role
from hunkworks.change.roles import classify

NAMES = {
    Role.LOCK: """Podfile.lock Cartfile.resolved Package.resolved
        App.xcworkspace/xcshareddata/swiftpm/Package.resolved gradle.lockfile
        app/buildscript-gradle.lockfile gradle/verification-metadata.xml go.sum Cargo.lock Gemfile.lock
        yarn.lock web/package-lock.json pnpm-lock.yaml bun.lockb poetry.lock uv.lock pubspec.lock
        composer.lock packages.lock.json deno.lock .terraform.lock.hcl""",
    Role.GENERATED: """api/user.pb.go Sources/API/user.pb.swift user_pb2.py user_pb2.pyi lib/model.g.dart
        lib/model.freezed.dart Form.Designer.cs Model.g.cs gen/R.java R.generated.swift BuildConfig.java
        app.min.js app.js.map app/__generated__/query.ts src/generated/api.kt Generated/Strings.swift
        api/lib.api schemas/com.example.Database/3.json src/__snapshots__/a.test.js.snap dist/index.js
        ios/GeneratedPluginRegistrant.m xcuserdata/me.plist zz_generated.deepcopy.go mocks/mock_store.go
        wire_gen.go parser.tab.c""",
    Role.VENDORED: """Pods/Alamofire/Source/AF.swift Carthage/Checkouts/X/a.swift node_modules/x/index.js
        vendor/github.com/x/y.go pip/_vendor/urllib3/util.py third_party/zlib/inflate.c gradlew gradlew.bat
        gradle/wrapper/gradle-wrapper.properties .yarn/releases/yarn-4.cjs js/jquery-3.6.0.js""",
    Role.BINARY: """App/Assets.xcassets/AppIcon.appiconset/icon.png Roboto.ttf libs/a.jar
        gradle/wrapper/gradle-wrapper.jar libfoo.so debug.keystore Sound.caf Model.mlmodel
        de/LC_MESSAGES/django.mo""",
    Role.CATALOG: """App/en.lproj/Localizable.strings App/Localizable.xcstrings de.lproj/Plurals.stringsdict
        app/src/main/res/values/strings.xml app/src/main/res/values-pt-rBR/strings.xml
        res/values-b+sr+Latn/strings.xml res/values-de/17-model-manager.xml
        composeResources/values/strings.xml locale/de/LC_MESSAGES/django.po app.pot lib/l10n/app_en.arb
        src/locales/en.json public/locales/de/common.json config/locales/devise.en.yml
        _locales/en/messages.json resources/lang/en/auth.php lang/pt-BR.json
        src/main/resources/messages_de.properties src/main/resources/messages.properties i18n/en-US.yaml
        translations/messages.fr.xliff app.de.xlf Resources.de.resx browser/locales/en-US/browser/about.ftl
        translations/strings.json en.i18n.json""",
    Role.TEST: """tests/test_a.py a/test_b.py pkg/server_test.go src/a.test.ts src/a.spec.tsx cypress/login.cy.ts
        app/src/test/java/A.java app/src/androidTest/java/LoginTest.kt src/commonTest/kotlin/A.kt
        AppTests/LoginTests.swift AppUITests/Flow.swift Tests/CoreTests/Core.swift spec/models/user_spec.rb
        test/models/user_test.rb src/FooTest.java src/FooTests.cs App.Tests/Login.cs foo_unittest.cc
        conftest.py src/tests.rs __mocks__/fs.js testdata/golden.json tests/locales/en.json test/data.csv
        Sources/CoreMocks.swift""",
    Role.DOCS: """README.md docs/guide.rst CHANGELOG LICENSE LICENSE-MIT NOTICE docs/index.html Guide.docc/A.tutorial
        CONTRIBUTING.adoc man/tool.1 notes.txt COPYING.LESSER AGENTS.md""",
    Role.CONFIG: """App.xcodeproj/project.pbxproj App.xcworkspace/contents.xcworkspacedata Info.plist App.entitlements
        Base.xcconfig Main.storyboard View.xib Assets.xcassets/Contents.json Podfile Package.swift
        Foo.podspec app/build.gradle build.gradle.kts settings.gradle gradle.properties
        app/src/main/AndroidManifest.xml res/drawable/icon.xml proguard-rules.pro pom.xml go.mod Cargo.toml
        package.json tsconfig.json vite.config.ts .eslintrc.js .github/workflows/ci.yml Dockerfile Makefile
        CMakeLists.txt requirements-dev.txt pyproject.toml setup.cfg App.csproj App.sln Gemfile Rakefile
        .gitignore .editorconfig tools/localization/package.json docs/mkdocs.yml
        .github/workflows/security-review.yml BUILD.bazel""",
    Role.CODE: """Sources/App/Main.swift app/src/main/java/A.java app/src/main/kotlin/B.kt ViewController.m Bridge.mm
        cmd/main.go src/lib.rs main.c include/x.hpp app.py index.ts App.tsx index.js lib/user.rb Program.cs
        deploy.sh schema.sql api/user.proto app/src/main/res/layout/main.xml index.html style.css tool
        src/History.swift builders/changes.py rules/readme.go okhttp3/ConnectionSpec.kt Contest.swift
        Latest.kt attestation.py docs/conf.py lang/parser.ts external_api.py testing.go vendors.py""",
}


@pytest.mark.parametrize(
    ("path", "role"), [(path, role) for role, names in NAMES.items() for path in names.split()]
)
def test_role_of_a_name(path: str, role: Role) -> None:
    found, why = classify(path, attributes={}, head=b"", mode=0o100644)
    assert (found, why) == (role, why)


@given(st.data())
def test_a_pattern_that_is_passed_over_never_finds_plain_code(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(sorted(role_names._NEVER_PLAIN_CODE)))
    found = data.draw(st.from_regex(pattern))
    assert found.rstrip("\n").rpartition(".")[2] not in role_names._PLAIN_CODE
