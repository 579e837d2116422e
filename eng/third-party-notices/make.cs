// Writes THIRD-PARTY-NOTICES.md and THIRD-PARTY-LICENSES.txt from the lock files of the programs and the restored packages:
//   dotnet run eng/third-party-notices/make.cs
// Run it in the repository root after a restore, whenever tests/TsVlm.Conventions.Tests says that a package is not listed.
// Licence texts come from the packages themselves; eng/third-party-notices/licences has those of packages that bring none.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

string[] programs = ["TsVlm.Cli", "services/scenarios", "services/datagen", "services/trainer", "services/evaluator", "services/web"];
var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

var packages = programs.SelectMany(LockedPackages).Distinct()
    .OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Version, StringComparer.Ordinal)
    .Select(p => Read(p.Id, p.Version)).ToList();

var table = new StringBuilder("""
    # Third-party notices

    The NuGet packages that ship with the programs `tsvlm`, scenarios, datagen, trainer, evaluator and web. The texts of their licences and their own notices are in
    [THIRD-PARTY-LICENSES.txt](THIRD-PARTY-LICENSES.txt). Both files are part of every published program and container image.

    Written by `eng/third-party-notices/make.cs` from the lock files; do not edit. On Windows and macOS the package `libtorch-cpu-win-x64` or `libtorch-cpu-osx-arm64`, of the
    same version and licence, takes the place of `libtorch-cpu-linux-x64`. Builds with `-p:TorchCuda=true` add packages that are not listed here.
    `libs/TsVlm.Serving/Grpc/open_inference_grpc.proto` is the Open Inference Protocol's own file, Copyright 2023 The KServe Authors, Apache-2.0.

    | Package | Version | Licence | Copyright | Project |
    | --- | --- | --- | --- | --- |

    """);
foreach (var p in packages)
    table.Append($"| {p.Id} | {p.Version} | {p.Licence} | {p.Copyright.Replace("|", "\\|", StringComparison.Ordinal)} | <{p.Project}> |\n");
File.WriteAllText("THIRD-PARTY-NOTICES.md", table.ToString());

// One text may belong to many packages.
var texts = packages.SelectMany(p => p.Texts.Select(text => (text.Name, text.Content, Package: $"{p.Id} {p.Version}")))
    .GroupBy(text => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Content))));
var output = new StringBuilder("Licences and notices of the packages in THIRD-PARTY-NOTICES.md\n");
foreach (var same in texts)
{
    output.Append('\n').Append('=', 120).Append('\n').Append(string.Join('\n', same.Select(text => $"{text.Package}: {text.Name}")))
        .Append('\n');
    output.Append('=', 120).Append("\n\n").Append(same.First().Content.Trim()).Append('\n');
}
File.WriteAllText("THIRD-PARTY-LICENSES.txt", output.ToString());
Console.WriteLine($"{packages.Count} packages, {texts.Count()} texts.");
return 0;

static IEnumerable<(string Id, string Version)> LockedPackages(string program)
{
    using var file = JsonDocument.Parse(File.ReadAllText($"{program}/packages.lock.json"));
    foreach (var framework in file.RootElement.GetProperty("dependencies").EnumerateObject())
    {
        foreach (var package in framework.Value.EnumerateObject().Where(p => p.Value.GetProperty("type").GetString() != "Project"))
            yield return (package.Name, package.Value.GetProperty("resolved").GetString()!);
    }
}

Package Read(string id, string version)
{
    var folder = Path.Combine(cache, id.ToLowerInvariant(), version.ToLowerInvariant());
    var path = Path.Combine(folder, $"{id.ToLowerInvariant()}.nuspec");
    if (!File.Exists(path))
        throw new FileNotFoundException($"{path}: expected the restored package, found none. Run dotnet restore TsVlm.Core.slnf first.");
    var metadata = XDocument.Load(path).Root!.Elements().Single(e => e.Name.LocalName == "metadata").Elements().ToList();
    var licence = Licence(metadata, id, version);
    List<(string Name, string Content)> texts =
    [
        .. Directory.GetFiles(folder).Where(f => Regex.IsMatch(Path.GetFileName(f), "^(licen[cs]e|third-party)", RegexOptions.IgnoreCase))
        .Order(StringComparer.Ordinal)
            .Select(f => (Path.GetFileName(f), Text(f))),
    ];
    // A package without a licence text has the text of its licence; of several to choose from, the first.
    if (!texts.Any(text => text.Name.StartsWith("licen", StringComparison.OrdinalIgnoreCase)))
    {
        var name = licence.Split(" OR ")[0];
        texts.Insert(0, (name, Text($"eng/third-party-notices/licences/{name}.txt")));
    }
    var project = Value("projectUrl") ?? metadata.FirstOrDefault(e => e.Name.LocalName == "repository")?.Attribute("url")?.Value
        ?? throw new InvalidDataException($"{path}: expected a projectUrl or a repository, found neither.");
    return new(id, version, licence, Regex.Replace(Value("copyright") ?? Value("authors") ?? "", @"\s+", " ").Trim(), project, texts);

    string? Value(string name) => metadata.FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}

static string Licence(List<XElement> metadata, string id, string version)
{
    var licence = metadata.FirstOrDefault(e => e.Name.LocalName == "license");
    if (licence?.Attribute("type")?.Value == "expression") return licence.Value;
    return (id, version) switch   // read in the package's LICENSE file; a new version must be read again
    {
        ("Apache.Arrow", "22.1.0") => "Apache-2.0",
        ("System.Security.Cryptography.ProtectedData", "4.5.0") => "MIT",
        _ => throw new InvalidDataException(
            $"{id} {version}: expected a licence expression, found none. Read its licence file and add the package to {nameof(Licence)}."),
    };
}

static string Text(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

/// <summary>A package as the notices list it.</summary>
internal sealed record Package(
    string Id, string Version, string Licence, string Copyright, string Project, IReadOnlyList<(string Name, string Content)> Texts);
