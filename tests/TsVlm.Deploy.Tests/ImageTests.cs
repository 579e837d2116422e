using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.Deploy.Tests;

/// <summary>deploy/Containerfile and the script that builds from it.</summary>
public partial class ImageTests
{
    private static string Containerfile { get; } = Read("deploy/Containerfile");

    private static string Script { get; } = Read("deploy/images.sh");

    [Fact]
    public void An_image_states_its_title_description_version_revision_time_and_base()
    {
        var labels = Label().Matches(Containerfile).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.Equal(["base.name", "created", "description", "revision", "title", "version"], labels.Keys.Order(StringComparer.Ordinal));
        // The script passes each of them; the base has a default of its own.
        Assert.All(labels.Values, argument => Assert.Contains($"--build-arg \"{argument}=", Script));
    }

    [Fact]
    public void A_change_of_code_ships_the_last_layer_only()
    {
        var copied = Copied().Matches(Containerfile).Select(m => m.Groups[1].Value);
        Assert.Equal(["models/", "native/", "packages/", "work/", "own/"], copied);
        Assert.Contains("-name 'TsVlm.*'", Script);
    }

    [Fact]
    public void A_bill_of_materials_is_in_the_layer_of_the_code() =>
        Assert.Matches(@"dotnet-CycloneDX .*--output ""\$2/own"" --filename sbom\.cdx\.json", Script);

    [Fact]
    public async Task An_image_built_by_podman_has_its_labels_and_bill_of_materials_and_is_not_root()
    {
        using var folder = new TemporaryFolder();
        foreach (var layer in new[] { "models", "native", "packages", "work", "own" }) Directory.CreateDirectory(folder.File(layer));
        await File.WriteAllTextAsync(folder.File("own/sbom.cdx.json"), "components", TestContext.Current.CancellationToken);
        var name = $"tsvlm-test-{Guid.NewGuid():n}";
        var image = $"localhost/{name}:latest";
        await Podman("build", "--quiet", "--layers=false", "--file", "deploy/Containerfile", "--tag", image, "--build-arg", "BASE_IMAGE=scratch", "--build-arg",
            "TITLE=tsvlm-trainer", "--build-arg", "VERSION=1.2.3", folder.Path);
        try
        {
            var config = JsonNode.Parse(await Podman("image", "inspect", image))![0]!["Config"]!;
            Assert.Equal("1654:1654", (string?)config["User"]);
            Assert.Equal("tsvlm-trainer", (string?)config["Labels"]!["org.opencontainers.image.title"]);
            Assert.Equal("1.2.3", (string?)config["Labels"]!["org.opencontainers.image.version"]);
            Assert.Equal("scratch", (string?)config["Labels"]!["org.opencontainers.image.base.name"]);
            await Podman("create", "--name", name, image);
            await Podman("cp", $"{name}:/app/sbom.cdx.json", folder.File("copied"));
            Assert.Equal("components", await File.ReadAllTextAsync(folder.File("copied"), TestContext.Current.CancellationToken));
        }
        finally
        {
            await Podman("rmi", "--force", image);
        }
    }

    private static async Task<string> Podman(params string[] arguments)
    {
        var start = new ProcessStartInfo("podman", arguments)
        {
            WorkingDirectory = TestFolders.Repository,
            Environment = { ["CONTAINERS_CONF"] = Path.Combine(TestFolders.Repository, "deploy/podman/containers.conf") },
        };
        try
        {
            var (exitCode, output, error) = await EndedProcess.Run(start);
            Assert.True(exitCode == 0, $"podman {arguments[0]} ended with {exitCode}: {error}");
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip("podman is not installed; docs/containers.md names the packages.");
            throw;
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(TestFolders.Repository, file));

    [GeneratedRegex(@"org\.opencontainers\.image\.([a-z.]+)=""\$\{(\w+)\}""")]
    private static partial Regex Label();

    [GeneratedRegex(@"^COPY (?:--chown=\S+ )?(\S+) ", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
