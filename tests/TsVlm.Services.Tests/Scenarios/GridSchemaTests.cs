using TsVlm.Experiments.Grid;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public class GridSchemaTests
{
    /// <summary>Set TSVLM_WRITE_SCHEMA=1 to write the file anew after a change of the settings.</summary>
    [Fact]
    public void The_published_schema_is_the_one_of_the_settings()
    {
        var path = Path.Combine(TestFolders.Repository, "docs", "grid.schema.json");
        if (Environment.GetEnvironmentVariable("TSVLM_WRITE_SCHEMA") == "1") File.WriteAllText(path, GridSchema.Text);
        Assert.Equal(File.ReadAllText(path), GridSchema.Text);
    }
}
