using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Web.Access;
using TsVlm.Web.Datasets;
using TsVlm.Web.Experiments;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Datasets;

public sealed class UploadTests(LocalServer server) : PageContext(server)
{
    private const string Cases = "label,t0,t1\na,1,2\nb,3,4\na,5,6\n";

    [Fact]
    public async Task A_data_set_is_stored_by_its_content_and_leads_to_its_page()
    {
        var page = Send(("Own_TRAIN.csv", Cases), ("Own_TEST.csv", Cases));
        Assert.Equal("Own", page.Find("#upload-name").GetAttribute("value"));
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("data/Own?content=", Navigation.Uri), LongEnough);
        var content = Navigation.Uri.Split("content=")[1];
        var details = await Server.Client.ShowDataset("Own", content, Now);
        Assert.Equal((3, 3, 2, content), (details.NumTrain, details.NumTest, details.NumChannels == 1 ? details.NumClasses : 0, details.ContentHash));
        // An experiment can be started with it, and with nothing else unless that is chosen too.
        var start = Open<NewExperiment>(DatasetAddress.OfExperiment("Own", content));
        start.WaitForAssertion(() => Assert.Contains("on 1 data set", start.Find("#plan").TextContent), LongEnough);
        Assert.Equal($"data/Own?content={content}", start.Find("table.choices a").GetAttribute("href"));
        Assert.Empty(start.FindAll("table.choices input[checked]"));
    }

    [Theory]
    [InlineData("Bad.csv", "label,t0,t1\na,1,2\nb,3,x\n", null, "Bad.csv(3): expected a number in channel 0 at time step 1, found 'x'.")]
    [InlineData("Bad_TRAIN.csv", Cases, "Bad_TEST.csv", "Bad_TEST.csv(2): expected a label that Bad_TRAIN.csv has a case of, found 'c'.")]
    [InlineData("Bad_TRAIN.csv", Cases, "Bad_TEST.ts", "Bad_TEST.ts: expected a file of type .csv as the training file, found .ts.")]
    [InlineData("Bad.zip", "PK", null, "Bad.zip: expected a file of type .ts, .arff, .tsv, .txt, .csv, found '.zip'.")]
    [InlineData("..csv", Cases, null, "Data set '.': expected the name of a data set inside the folder, found a path.")]
    public async Task A_mistake_is_shown_with_file_and_line_and_nothing_is_stored(string train, string content, string? test, string expected)
    {
        var page = test is null ? Send((train, content)) : Send((train, content), (test, "label,t0,t1\nc,1,2\n"));
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(expected, page.Find("[role=alert]").TextContent), LongEnough);
        Assert.EndsWith("/data", Navigation.Uri);
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "tsvlm-web-*").Where(folder => Directory.GetFiles(folder, "Bad*").Length > 0));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        Services.AddSingleton(new WebSettings(Server.Address, LocalServer.Key, NeedsSignIn: false) { MaxUploadBytes = 5 });
        var page = Send(("Own.csv", Cases));
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("Own.csv: expected at most 0 MB, found 1 MB", page.Find("[role=alert]").TextContent), LongEnough);
    }

    [Theory]
    [InlineData("GunPoint_TRAIN.ts", "GunPoint")]
    [InlineData("own.csv", "own")]
    public void A_data_set_is_named_as_its_files(string file, string expected) => Assert.Equal(expected, UploadFolder.NameOf(file));

    private IRenderedComponent<UploadSection> Send(params (string Name, string Content)[] files)
    {
        var page = Open<UploadSection>("data");
        foreach (var (place, file) in files.Index())
            page.FindComponents<InputFile>()[place].UploadFiles(InputFileContent.CreateFromText(file.Content, file.Name));
        return page;
    }
}
