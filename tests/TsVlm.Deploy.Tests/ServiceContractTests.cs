using TsVlm.Tests;

namespace TsVlm.Deploy.Tests;

public class ServiceContractTests
{
    [Fact]
    public void Each_folder_of_services_is_one_of_the_contract_and_the_other_way_round() =>
        Assert.Equal(
            ServiceContract.Services.Order(),
            Directory.GetDirectories(Path.Combine(TestFolders.Repository, "services"))
            .Where(f => Directory.GetFiles(f, "*.csproj").Length > 0).Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("trainer", "Trainer")]
    [InlineData("evaluator", "Evaluator")]
    [InlineData("scenarios", "Reconciler")]
    public void Each_setting_of_a_section_is_a_property_in_its_service(string service, string section)
    {
        var sources = string.Concat(
            Directory.GetFiles(Path.Combine(TestFolders.Repository, "services", service), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        var settings = ServiceContract.Known(service).Where(k => k.StartsWith(section + "__", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(settings);
        Assert.All(settings, key => Assert.Matches($@"public \S+ {key.Split("__")[1]} \{{ get; init; \}}", sources));
    }

    [Fact]
    public void The_smoke_test_reads_each_of_its_settings()
    {
        var source = File.ReadAllText(Path.Combine(TestFolders.Repository, "services/scenarios/SmokeTest.cs"));
        Assert.All(ServiceContract.SmokeTest, key => Assert.Contains($"\"{key}\"", source));
    }
}
