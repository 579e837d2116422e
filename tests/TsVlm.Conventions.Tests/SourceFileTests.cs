using System.Text.RegularExpressions;

namespace TsVlm.Conventions.Tests;

public partial class SourceFileTests
{
    private const int MaxLines = 400;
    private const int MaxLineLength = 180;

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(Repository.Sources.Select(f => (f, lines: Repository.Read(f).Count(c => c == '\n'))).Where(f => f.lines > MaxLines));

    [Fact]
    public void No_line_of_the_product_is_longer_than_180_characters() =>
        Assert.Empty(Repository.Sources.Where(f => !f.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => Repository.Read(f).Split('\n').Select((line, i) => (at: $"{f}({i + 1})", line.Length)))
            .Where(line => line.Length > MaxLineLength));

    [Fact]
    public void No_file_has_a_name_that_explains_nothing() =>
        Assert.Empty(Repository.Sources.Where(f => EmptyName().IsMatch(Path.GetFileName(f))));

    [Fact]
    public void No_unfinished_work_is_marked_in_the_sources() =>
        Assert.Empty(Repository.Sources.Where(f => !f.EndsWith(nameof(SourceFileTests) + ".cs", StringComparison.Ordinal))
            .SelectMany(f => Unfinished().Matches(Repository.Read(f)).Select(m => $"{f}: {m.Value}")));

    [Fact]
    public void No_folder_is_nested_deeper_than_two_levels_inside_a_project()
    {
        foreach (var project in Repository.Projects)
        {
            var root = project[..(project.LastIndexOf('/') + 1)];
            Assert.Empty(Repository.Sources.Where(f => f.StartsWith(root, StringComparison.Ordinal)
                && f[root.Length..].Count(c => c == '/') > 2));
        }
    }

    [Fact]
    public void The_model_that_comes_with_the_program_takes_at_most_40_MB() =>
        Assert.InRange(Repository.SizeOf("libs/TsVlm.Models/tiny"), 20_000_000, 40_000_000);

    [Fact]
    public void A_program_is_a_table_of_contents() =>
        Assert.Empty(Repository.Sources.Where(f => Path.GetFileName(f) == "Program.cs" && Repository.Read(f).Count(c => c == '\n') > 30));

    /// <summary>docs/adr/0009-keep-libtorch-scalars-alive.md tells why.</summary>
    [Fact]
    public void No_call_hides_a_number_that_may_be_freed_meanwhile() =>
        Assert.Empty(Repository.Sources.Where(f => f.StartsWith("libs/", StringComparison.Ordinal))
            .SelectMany(f => HiddenNumber().Matches(Repository.Read(f)).Select(m => $"{f}: {m.Value}")));

    [GeneratedRegex(@"\.item<|\.item\(|\.square\(")]
    private static partial Regex HiddenNumber();

    [GeneratedRegex(@"(Utils?|Helpers?|Managers?|Common|Misc|Impl)\.cs$|^Base[A-Z]")]
    private static partial Regex EmptyName();

    [GeneratedRegex("NotImplementedException|TODO|FIXME|HACK|XXX")]
    private static partial Regex Unfinished();
}
