using System.Text.RegularExpressions;

namespace TsVlm.Conventions.Tests;

public partial class TestNameTests
{
    /// <summary>Words that stand for a subject instead of naming it.</summary>
    private static readonly string[] NoSubject = ["It", "Its", "What", "Whatever", "Who", "Whoever", "They", "Nothing", "Nobody", "None",
        "There", "This", "These"];

    [Fact]
    public void A_test_s_name_begins_with_its_subject()
    {
        var names = Repository.Sources.Where(f => f.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => Method().Matches(Repository.Read(f)).Select(m => (File: f, Name: m.Groups[1].Value))).ToList();
        Assert.True(names.Count > 500, $"Only {names.Count} tests were found.");
        Assert.Empty(names.Where(test => NoSubject.Contains(test.Name.Split('_')[0])));
    }

    /// <summary>Names of tests alone have underscores.</summary>
    [GeneratedRegex(@"public (?:async )?[\w<>]+ ([A-Z]\w*_\w+)\(")]
    private static partial Regex Method();
}
