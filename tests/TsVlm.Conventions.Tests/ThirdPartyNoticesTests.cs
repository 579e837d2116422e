using System.Text.Json;

namespace TsVlm.Conventions.Tests;

/// <summary>THIRD-PARTY-NOTICES.md lists what ships; eng/third-party-notices/make.cs writes it.</summary>
public class ThirdPartyNoticesTests
{
    private static readonly string[] Programs = ["TsVlm.Cli", "services/scenarios", "services/datagen", "services/trainer",
        "services/evaluator", "services/web"];

    public static TheoryData<string> ProgramNames => new(Programs);

    [Theory]
    [MemberData(nameof(ProgramNames))]
    public void Every_package_of_a_program_is_listed_with_its_version(string program)
    {
        var listed = Repository.Read("THIRD-PARTY-NOTICES.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => string.Join(" ", line.Split('|', StringSplitOptions.TrimEntries)[1..3])).ToHashSet();
        var missing = LockedPackages(program).Where(package => !listed.Contains(package) && !IsOfTheSdk(package)).ToList();
        Assert.True(missing.Count == 0,
            $"{program} ships {string.Join(", ", missing)}, not listed in THIRD-PARTY-NOTICES.md. Run: dotnet run eng/third-party-notices/make.cs");
    }

    [Fact]
    public void Every_listed_package_is_one_of_a_program_and_has_a_licence_text()
    {
        var shipped = Programs.SelectMany(LockedPackages).ToHashSet();
        var texts = Repository.Read("THIRD-PARTY-LICENSES.txt");
        var listed = Repository.Read("THIRD-PARTY-NOTICES.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2)
            .Select(line => string.Join(" ", line.Split('|', StringSplitOptions.TrimEntries)[1..3])).ToList();
        Assert.NotEmpty(listed);
        Assert.Empty(listed.Except(shipped).Where(package => !IsOfTheSdk(package)));
        Assert.Empty(listed.Where(package => !texts.Contains($"\n{package}: ", StringComparison.Ordinal)));
    }

    /// <summary>Blazor's script has the version of the SDK that builds.</summary>
    private static bool IsOfTheSdk(string package) => package.StartsWith("Microsoft.AspNetCore.App.Internal.Assets ", StringComparison.Ordinal);

    private static IEnumerable<string> LockedPackages(string program)
    {
        using var file = JsonDocument.Parse(Repository.Read($"{program}/packages.lock.json"));
        return [.. file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}").Distinct()];
    }
}
