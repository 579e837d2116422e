using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TsVlm.Experiments.Grid;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public partial class GridSchemaTests
{
    private static readonly string[] Sources = ["Representation.cs", "RationaleSettings.cs", "Recipe.cs"];

    /// <summary>The same variable writes this file, too.</summary>
    [Fact]
    public void The_help_of_each_setting_is_the_summary_in_the_source_of_the_contract()
    {
        var path = Path.Combine(TestFolders.Repository, "libs", "TsVlm.Experiments", "Grid", "descriptions.json");
        var text = JsonSerializer.Serialize(Summaries(), Indented) + "\n";
        if (Environment.GetEnvironmentVariable("TSVLM_WRITE_SCHEMA") == "1") File.WriteAllText(path, text);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Every_setting_has_help_and_every_setting_that_is_not_null_a_default()
    {
        var settings = Settings(GridSchema.Root["properties"]!["defaults"]!.AsObject()).ToList();
        Assert.True(settings.Count > 30);
        Assert.All(settings, setting => Assert.NotEmpty((string)setting["description"]!));
        Assert.Equal(2048, settings.Select(setting => setting["default"]).Single(value => value?.ToJsonString() == "2048")!.GetValue<int>());
        Assert.All(settings.Where(setting => setting["default"] is null), setting => Assert.Contains("null", setting.ToJsonString()));
    }

    private static IEnumerable<JsonObject> Settings(JsonObject schema) => schema["properties"]!.AsObject().Select(child => child.Value!.AsObject())
        .SelectMany(child => child.ContainsKey("properties") ? Settings(child) : [child]);

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private static Dictionary<string, string> Summaries()
    {
        var summaries = new Dictionary<string, string>();
        foreach (var source in Sources.Select(name => File.ReadAllText(Path.Combine(TestFolders.Repository, "libs", "TsVlm.Contracts", name))))
        {
            var record = "";
            foreach (Match found in RecordOrSetting().Matches(source))
            {
                if (found.Groups["record"].Success) record = found.Groups["record"].Value;
                else if (!found.Value.Contains("[JsonIgnore]", StringComparison.Ordinal))
                    summaries[$"{record}.{JsonNamingPolicy.CamelCase.ConvertName(found.Groups["name"].Value)}"] = Plain(found.Groups["summary"].Value);
            }
        }
        return summaries;
    }

    /// <summary>A summary as people read it: settings and values by their names in JSON.</summary>
    private static string Plain(string summary)
    {
        var text = Reference().Replace(summary, reference => reference.Groups[1].Value.Split('.') is [_, var value]
            ? JsonNamingPolicy.KebabCaseLower.ConvertName(value) : JsonNamingPolicy.CamelCase.ConvertName(reference.Groups[1].Value));
        return LineBreak().Replace(Markup().Replace(text, ""), " ").Trim();
    }

    [GeneratedRegex(@"public sealed record (?<record>\w+)|/// <summary>(?<summary>(?:(?!</summary>)[\s\S])*)</summary>\s*(?://[^\n]*\s*)*(?:\[[^\n]*\]\s*)*public (?!sealed|static|const|enum)[\w?<>.]+ (?<name>\w+) \{ get; init;")]
    private static partial Regex RecordOrSetting();

    [GeneratedRegex("<see cref=\"([\\w.]+)\"/>")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s*\n\s*///\s*")]
    private static partial Regex LineBreak();

    [GeneratedRegex("</?c>")]
    private static partial Regex Markup();

    /// <summary>Set TSVLM_WRITE_SCHEMA=1 to write the file anew after a change of the settings.</summary>
    [Fact]
    public void The_published_schema_is_the_one_of_the_settings()
    {
        var path = Path.Combine(TestFolders.Repository, "docs", "grid.schema.json");
        if (Environment.GetEnvironmentVariable("TSVLM_WRITE_SCHEMA") == "1") File.WriteAllText(path, GridSchema.Text);
        Assert.Equal(File.ReadAllText(path), GridSchema.Text);
    }
}
