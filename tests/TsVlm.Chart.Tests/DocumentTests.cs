using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.Chart.Tests;

/// <summary>docs/kubernetes.md gives exact commands; what they name must be there.</summary>
public partial class DocumentTests
{
    private static string Text { get; } = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs/kubernetes.md"));

    [Fact]
    public void Every_file_that_a_command_names_is_there()
    {
        var files = RepositoryFile().Matches(Text).Select(m => m.Value).Distinct().ToList();
        Assert.True(files.Count >= 4, $"Only {files.Count} files are named.");
        Assert.Empty(files.Where(f => !Path.Exists(Path.Combine(TestFolders.Repository, f))));
    }

    [Fact]
    public async Task Every_setting_that_a_command_gives_is_one_of_the_chart()
    {
        var settings = Setting().Matches(Text).Select(m => m.Groups[1].Value).Distinct().ToArray();
        Assert.Contains("autoscaling.enabled=false", settings);
        Assert.NotEmpty((await Helm.Template(null, settings)).Objects);
    }

    [Fact]
    public async Task The_secrets_that_it_makes_are_those_that_the_cluster_s_values_name()
    {
        var rendering = await Helm.Template("cluster");
        var named = ServiceContract.Services.SelectMany(s => rendering.Environment(s).Values)
            .Where(v => v.StartsWith("tsvlm-", StringComparison.Ordinal) && v.Contains('/'));
        var made = Secret().Matches(Text)
            .SelectMany(m => Literal().Matches(m.Groups[2].Value).Select(l => $"{m.Groups[1].Value}/{l.Groups[1].Value}")).ToHashSet();
        Assert.Superset(named.ToHashSet(), made);
        Assert.Contains("tsvlm-rabbitmq/http", made);
    }

    [Fact]
    public async Task The_API_key_is_where_it_looks_for_it()
    {
        Assert.Contains("get secret tsvlm-api --output go-template='{{ index .data \"apiKey\" | base64decode }}'", Text);
        Assert.NotNull((await Helm.Template("try")).Named("Secret", "api")["stringData"]!["apiKey"]);
    }

    [GeneratedRegex(@"\b(deploy|eng|tests)/[\w./-]*\w")]
    private static partial Regex RepositoryFile();

    [GeneratedRegex(@"--set ([\w.]+=\w+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"create secret generic (\S+)((?:[^\n]*\\\n)*[^\n]*)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"--from-literal (\w+)=")]
    private static partial Regex Literal();
}
