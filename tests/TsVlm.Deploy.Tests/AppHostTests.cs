using System.Text.RegularExpressions;
using System.Xml.Linq;
using TsVlm.Tests;

namespace TsVlm.Deploy.Tests;

/// <summary>
/// TsVlm.AppHost read as text: what it names must be what the services are, and what chart and compose file say.
/// </summary>
public partial class AppHostTests
{
    private static string Source { get; } = string.Concat(Directory.GetFiles(PathOf("."), "*.cs").Select(File.ReadAllText));

    private static XDocument Project { get; } = XDocument.Load(PathOf("TsVlm.AppHost.csproj"));

    [Fact]
    public void The_AppHost_refers_to_the_project_of_each_service_and_to_the_command_line()
    {
        var references = Project.Descendants("ProjectReference").Where(r => r.Attribute("IsAspireProjectResource") is null)
            .Select(r => Path.GetFullPath(PathOf(r.Attribute("Include")!.Value)));
        var services = ServiceContract.Services.Select(
            s => Assert.Single(Directory.GetFiles(Path.Combine(TestFolders.Repository, "services", s), "*.csproj")));
        var commandLine = Path.Combine(TestFolders.Repository, "TsVlm.Cli", "TsVlm.Cli.csproj");
        Assert.Equal(services.Append(commandLine).Order(), references.Order());
    }

    [Fact]
    public void Each_service_is_a_resource_of_its_folder_s_name_and_project()
    {
        var resources = ServiceResource().Matches(Source)
            .Select(m => (Name: m.Groups[2].Value, Project: m.Groups[1].Value.Replace('_', '.')));
        var projects = ServiceContract.Services.Select(s =>
            (Name: s, Project: Path.GetFileNameWithoutExtension(
                Assert.Single(Directory.GetFiles(Path.Combine(TestFolders.Repository, "services", s), "*.csproj")))));
        Assert.Equal(projects.Order(), resources.Order());
    }

    [Fact]
    public void Connections_have_the_names_that_services_look_for()
    {
        Assert.Matches(@"AddMessaging\(""messaging""\)", Source);
        Assert.Matches(@"AddBlobs\(""blobs""\)", Source);
        Assert.Matches(@"AddRuns\(""runs""\)", Source);
        Assert.Equal(ServiceContract.Connections.Order(), Reference().Matches(Source).Select(m => m.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public void Each_setting_is_one_that_its_service_reads()
    {
        var known = ServiceContract.Services.SelectMany(ServiceContract.Known).ToHashSet();
        var settings = Setting().Matches(Source).Select(m => m.Groups[1].Value).ToList();
        Assert.Superset(new HashSet<string> { "Api__Key", "Trainer__Device", "Evaluator__Device", "Reconciler__MaxStagesInFlight" },
            settings.ToHashSet());
        Assert.Empty(settings.Except(known));
    }

    [Fact]
    public void The_broker_s_patience_is_the_chart_s()
    {
        var values = YamlDocuments.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, Rendering.ChartFolder, "values.yaml")))[0];
        Assert.Contains($"consumer_timeout {values["messaging"]!["rabbitmq"]!["consumerTimeoutMilliseconds"]}", Source);
    }

    [Fact]
    public void Probes_and_volumes_are_there()
    {
        Assert.Contains("ProbeType.Readiness, \"/health\"", Source);
        Assert.Contains("ProbeType.Liveness, \"/alive\"", Source);
        Assert.Equal(3, NamedVolume().Count(Source));
        Assert.DoesNotContain("WithDataVolume()", Source);
    }

    [Fact]
    public void The_SDK_and_the_packages_are_of_one_minor_version()
    {
        var version = Project.Root!.Attribute("Sdk")!.Value.Split('/')[1];
        var packages = XDocument.Load(Path.Combine(TestFolders.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(p => p.Attribute("Include")!.Value.StartsWith("Aspire.Hosting", StringComparison.Ordinal)).ToList();
        Assert.Empty(Project.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value)
            .Where(name => name.StartsWith("Aspire.", StringComparison.Ordinal)).Except(packages.Select(p => p.Attribute("Include")!.Value)));
        Assert.All(packages, p => Assert.Equal(Minor(version), Minor(p.Attribute("Version")!.Value)));
    }

    private static string Minor(string version) => version[..version.LastIndexOf('.')];

    private static string PathOf(string file) => Path.Combine(TestFolders.Repository, "TsVlm.AppHost", file);

    [GeneratedRegex(@"Service<Projects\.(\w+)>\(""([^""]+)""\)")]
    private static partial Regex ServiceResource();

    [GeneratedRegex(@"WithReference\((\w+)\)\.WaitFor\(\1\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"""([A-Z][A-Za-z]+__\w+)""")]
    private static partial Regex Setting();

    [GeneratedRegex(@"With(Data)?Volume\(""tsvlm-[a-z]+-data""")]
    private static partial Regex NamedVolume();
}
