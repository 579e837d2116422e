namespace TsVlm.Conventions.Tests;

public class ProjectReferenceTests
{
    /// <summary>Dependencies point left only: every product project, and the projects it may refer to.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["TsVlm.Contracts"] = [],
        ["TsVlm.Client"] = ["TsVlm.Contracts"],
        ["TsVlm.Data"] = ["TsVlm.Contracts"],
        ["TsVlm.Representations"] = ["TsVlm.Contracts", "TsVlm.Data"],
        ["TsVlm.Models"] = ["TsVlm.Contracts", "TsVlm.Representations"],
        ["TsVlm.VisionLanguage"] = ["TsVlm.Contracts", "TsVlm.Data", "TsVlm.Models", "TsVlm.Representations"],
        ["TsVlm.Baselines"] = ["TsVlm.Contracts", "TsVlm.Data"],
        ["TsVlm.Pretraining"] = ["TsVlm.Baselines", "TsVlm.VisionLanguage"],
        ["TsVlm.Experiments"] = ["TsVlm.Contracts", "TsVlm.Data", "TsVlm.Representations"],
        ["TsVlm.Telemetry"] = ["TsVlm.Contracts"],
        ["TsVlm.Artifacts"] = ["TsVlm.Contracts", "TsVlm.Telemetry"],
        ["TsVlm.Messaging"] = ["TsVlm.Artifacts", "TsVlm.Contracts", "TsVlm.Telemetry"],
        ["TsVlm.Evaluation"] =
            ["TsVlm.Artifacts", "TsVlm.Baselines", "TsVlm.Contracts", "TsVlm.Data", "TsVlm.Models", "TsVlm.Representations", "TsVlm.Telemetry",
            "TsVlm.VisionLanguage"],
        ["TsVlm.Pages"] = ["TsVlm.Artifacts", "TsVlm.Contracts", "TsVlm.Evaluation", "TsVlm.Telemetry"],
        ["TsVlm.Serving"] =
            ["TsVlm.Contracts", "TsVlm.Data", "TsVlm.Evaluation", "TsVlm.Models", "TsVlm.Representations", "TsVlm.Telemetry", "TsVlm.VisionLanguage"],
        ["TsVlm.ServiceDefaults"] = ["TsVlm.Artifacts", "TsVlm.Contracts", "TsVlm.Messaging", "TsVlm.Telemetry"],
        ["TsVlm.Scenarios"] =
        Libraries("Artifacts", "Client", "Contracts", "Data", "Evaluation", "Experiments", "Messaging", "Models", "Representations",
        "Telemetry"),
        ["TsVlm.Datagen"] = Libraries("Artifacts", "Contracts", "Data", "Messaging", "Models", "Representations", "Telemetry"),
        ["TsVlm.Trainer"] = Libraries("Artifacts", "Baselines", "Contracts", "Messaging", "Models", "Representations", "Telemetry",
        "VisionLanguage"),
        ["TsVlm.Evaluator"] = Libraries(
            "Artifacts", "Baselines", "Contracts", "Data", "Evaluation", "Messaging", "Models", "Pages", "Representations", "Telemetry",
            "VisionLanguage"),
        ["TsVlm.Web"] = Libraries("Artifacts", "Client", "Contracts", "Data", "Evaluation", "Pages", "Representations"),
        ["TsVlm.Cli"] = ["TsVlm.Scenarios", "TsVlm.Datagen", "TsVlm.Trainer", "TsVlm.Evaluator", "TsVlm.Web", .. Libraries(
            "Artifacts", "Client", "Contracts", "Data", "Evaluation", "Experiments", "Messaging", "Models", "Pages", "Pretraining", "Representations",
            "Serving", "Telemetry", "VisionLanguage")],
        ["TsVlm.AppHost"] = ["TsVlm.Cli", "TsVlm.Client", "TsVlm.Scenarios", "TsVlm.Datagen", "TsVlm.Trainer", "TsVlm.Evaluator",
            "TsVlm.Web"],
    };

    /// <summary>Libraries of a program, and with them the wiring that all programs share.</summary>
    private static string[] Libraries(params string[] names) => ["TsVlm.ServiceDefaults", .. names.Select(name => $"TsVlm.{name}")];

    public static TheoryData<string> ProductProjects => new(
        Repository.Projects.Where(p => !p.StartsWith("tests/", StringComparison.Ordinal)
            && !p.StartsWith("benchmarks/", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void A_project_refers_only_to_those_left_of_it(string project)
    {
        Assert.True(Allowed.TryGetValue(Repository.NameOf(project), out var allowed),
            $"{project} is new: say in this test what it may refer to.");
        Assert.Empty(Repository.References(project).Except(allowed!));
    }

    [Fact]
    public void TorchSharp_appears_where_models_are_trained_only()
    {
        var users = Repository.Projects.Where(p => Repository.Packages(p).Contains("TorchSharp")).Select(Repository.NameOf);
        Assert.Empty(users.Except(["TsVlm.VisionLanguage", "TsVlm.Baselines", "TsVlm.Pretraining"]));
    }

    [Fact]
    public void Native_libtorch_comes_with_executables_and_tests_only()
    {
        var users = Repository.Projects.Where(p => Repository.Read(p).Contains("NativeTorch.targets", StringComparison.Ordinal));
        Assert.Empty(users.Where(p => p.StartsWith("libs/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Contracts_and_data_use_no_package()
    {
        Assert.Empty(Repository.Packages("libs/TsVlm.Contracts/TsVlm.Contracts.csproj"));
        Assert.Empty(Repository.Packages("libs/TsVlm.Data/TsVlm.Data.csproj"));
    }

    [Fact]
    public void Aspire_hosting_appears_in_the_AppHost_and_its_tests_only()
    {
        var users = Repository.Projects.Where(p => Repository.Read(p).Contains("Aspire.AppHost.Sdk", StringComparison.Ordinal)
            || Repository.Packages(p).Any(r => r.StartsWith("Aspire.Hosting", StringComparison.Ordinal))
            || Repository.References(p).Contains("TsVlm.AppHost")).Select(Repository.NameOf);
        Assert.Empty(users.Except(["TsVlm.AppHost", "TsVlm.AppHost.Tests", "TsVlm.Orchestration.Tests"]));
    }

    /// <summary>TsVlm.Core.slnf is what a person builds and tests, TsVlm.Servers.slnf the tests that need servers or downloads.</summary>
    [Fact]
    public void Every_project_is_in_the_solution_and_in_one_of_the_two_filters()
    {
        var solution = Repository.Read("TsVlm.sln").Replace('\\', '/');
        string[] filters = [Repository.Read("TsVlm.Core.slnf"), Repository.Read("TsVlm.Servers.slnf")];
        foreach (var project in Repository.Projects)
        {
            Assert.Contains(project, solution);
            Assert.Single(filters, filter => filter.Contains($"\"{project}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Tests_that_start_servers_are_not_in_the_ordinary_lane()
    {
        var ordinary = Repository.Read("TsVlm.Core.slnf");
        var users = Repository.Sources
            .Where(f => f.StartsWith("tests/", StringComparison.Ordinal) && !f.StartsWith("tests/Shared/", StringComparison.Ordinal)
                && Repository.Read(f).Contains("TestServer.Start(", StringComparison.Ordinal))
            .Select(f => f.Split('/')[1]).Distinct().ToList();
        Assert.NotEmpty(users);
        Assert.All(users.Where(user => user != "TsVlm.Conventions.Tests"), user => Assert.DoesNotContain($"/{user}.csproj", ordinary));
    }
}
