using System.Text.Json.Nodes;

namespace TsVlm.Serving.Tests.Protocol;

/// <summary>Requests that are refused, and their error messages.</summary>
public sealed class RefusalTests(RefusalTests.Server server, TrainedModels models) : IClassFixture<RefusalTests.Server>
{
    [Theory]
    [InlineData("body: expected JSON, found an error at line 1, byte 3", "{ x")]
    [InlineData("body: expected texts in Unicode, found half of a surrogate pair in the text at byte 12", """{"series": ["\ud800"]}""")]
    [InlineData("body: expected an object, found []", "[]")]
    [InlineData("body: expected the member series, found none", "{}")]
    [InlineData("body: expected the members series and minConfidence, found \"serie\"", """{"serie": []}""")]
    [InlineData("series: expected from 1 to 4 series, found 0", """{"series": []}""")]
    [InlineData("series: expected from 1 to 4 series, found 5", """{"series": [[[1]],[[1]],[[1]],[[1]],[[1]]]}""")]
    [InlineData("series[1]: expected from 1 to 5 channels, found 0", """{"series": [[[1]],[]]}""")]
    [InlineData("series[0][0]: expected an array of numbers, the values of a channel, found 1", """{"series": [[1, 2]]}""")]
    [InlineData("series[0][0]: expected from 1 to 50 time steps, found 0", """{"series": [[[]]]}""")]
    [InlineData("series[0][1]: expected 2 time steps as in channel 0, found 1", """{"series": [[[1, 2], [3]]]}""")]
    [InlineData("series[0]: expected a series with values, found missing ones alone", """{"series": [[[null, null]]]}""")]
    [InlineData("series[0][0][1]: expected a finite number, or null for a missing value, found 1e999", """{"series": [[[1, 1e999]]]}""")]
    [InlineData("series[1]: Series: expected 1 channels as in the first training case, found 2", """{"series": [[[1]], [[1], [2]]]}""")]
    [InlineData("series[0]: Series: expected values up to 1e100", """{"series": [[[1e200]]]}""")]
    [InlineData("minConfidence: expected a number from 0 to 1, found 2", """{"series": [[[1]]], "minConfidence": 2}""")]
    public async Task A_plain_call_that_cannot_be_answered_is_refused_with_place_expected_and_found(string expected, string body) =>
        await Refused(400, expected, "/classify/shapes", body);

    [Theory]
    [InlineData("body: expected the member inputs, found none", "{}")]
    [InlineData("inputs: expected the input series, found none", """{"inputs": []}""")]
    [InlineData("inputs[1].name: expected each input once, found series again", """{"inputs": [{"name": "series"}, {"name": "series"}]}""")]
    [InlineData("inputs[1].name: expected series or lengths, found 'mask'", """{"inputs": [{"name": "series"}, {"name": "mask"}]}""")]
    [InlineData("inputs[0]: expected the member datatype, found none", """{"inputs": [{"name": "series"}]}""")]
    [InlineData("inputs[0].datatype: expected one of FP64", """{"inputs": [{"name": "series", "datatype": "BYTES", "shape": [1,1,1], "data": ["a"]}]}""")]
    [InlineData("inputs[0].shape: expected 3 sizes (batch, channels, steps), found 2",
        """{"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1], "data": [1]}]}""")]
    [InlineData("inputs[0].shape[0]: expected a whole number from 0, found -1",
        """{"inputs": [{"name": "series", "datatype": "FP64", "shape": [-1,1,1], "data": [1]}]}""")]
    [InlineData("inputs[0].shape: expected from 1 to 50 time steps, found 51",
        """{"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1,51], "data": [1]}]}""")]
    [InlineData("inputs[0].data: expected 4 numbers as the shape says, found 3",
        """{"inputs": [{"name": "series", "datatype": "FP64", "shape": [2,1,2], "data": [[[1,2]],[[3]]]}]}""")]
    [InlineData("inputs[0].data, number 1: expected a finite number, or null for a missing value, found true",
        """{"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1,2], "data": [1, true]}]}""")]
    [InlineData("inputs[0].data: expected finite numbers of FP32, found a larger one as number 0",
        """{"inputs": [{"name": "series", "datatype": "FP32", "shape": [1,1,1], "data": [1e60]}]}""")]
    [InlineData("inputs[1].data[0]: expected from 1 to 1 time steps as the tensor has, found 2", """
        {"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1,1], "data": [1]},
         {"name": "lengths", "datatype": "INT64", "shape": [1], "data": [2]}]}
        """)]
    [InlineData("outputs[0].name: expected one of label, probabilities, classes, abstained, found 'logits'", """
        {"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1,1], "data": [1]}], "outputs": [{"name": "logits"}]}
        """)]
    [InlineData("outputs[0]: expected the parameter min_confidence beside the output abstained, found none", """
        {"inputs": [{"name": "series", "datatype": "FP64", "shape": [1,1,1], "data": [1]}], "outputs": [{"name": "abstained"}]}
        """)]
    [InlineData("id: expected a text, found 7", """{"id": 7, "inputs": []}""")]
    public async Task An_inference_request_that_cannot_be_answered_is_refused_with_place_expected_and_found(string expected, string body) =>
        await Refused(400, expected, "/v2/models/shapes/infer", body);

    [Theory]
    [InlineData("body: expected the member id, found none", "{}")]
    [InlineData("id: expected from 1 to 128 characters that can be seen, found 0", """{"id": ""}""")]
    [InlineData("body: expected the members id, start, end, at, series and times, found \"sample\"", """{"id": "a", "sample": []}""")]
    [InlineData("body: expected samples in series, or a start or an end, found none of them", """{"id": "a"}""")]
    [InlineData("times: expected samples in series beside them, found none", """{"id": "a", "times": [1]}""")]
    [InlineData("end: expected true or false, found 1", """{"id": "a", "end": 1}""")]
    [InlineData("start: expected the member window, found none", """{"id": "a", "start": {}}""")]
    [InlineData("start.window: expected from 1 to 50 time steps, found 51", """{"id": "a", "start": {"window": 51}}""")]
    [InlineData("start.hop: expected from 1 to 50 time steps, found 0", """{"id": "a", "start": {"window": 5, "hop": 0}}""")]
    [InlineData("start: expected interval and maxGap together", """{"id": "a", "start": {"window": 5, "interval": 1}}""")]
    [InlineData("start.interval: expected seconds above 0, found 0", """{"id": "a", "start": {"window": 5, "interval": 0, "maxGap": 1}}""")]
    [InlineData("start.maxGap: expected seconds from the interval, 2, found 1", """{"id": "a", "start": {"window": 5, "interval": 2, "maxGap": 1}}""")]
    [InlineData("start.minConfidence: expected a number from 0 to 1, found 2", """{"id": "a", "start": {"window": 5, "minConfidence": 2}}""")]
    [InlineData("start.alarms.after: expected from 1 to 1000000 windows, found 0",
        """{"id": "a", "start": {"window": 5, "alarms": {"after": 0, "clearAfter": 1}}}""")]
    [InlineData("start.alarms.classes: expected classes among falling, flat, \"steady\", rising, found 'up'",
        """{"id": "a", "start": {"window": 5, "alarms": {"after": 1, "clearAfter": 1, "classes": ["up"]}}}""")]
    [InlineData("series: expected 1 channels as the model has, found 2", """{"id": "a", "start": {"window": 5}, "series": [[1], [2]]}""")]
    [InlineData("series[0]: expected from 1 to 50 time steps, found 51",
        """{"id": "a", "start": {"window": 5}, "series": [[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]]}""")]
    [InlineData("series[0][1]: expected values up to 1e100 in magnitude, found 1E+200",
        """{"id": "a", "start": {"window": 5}, "series": [[1, 1e200]]}""")]
    [InlineData("series: expected a piece that completes at most 4 windows, found 5", """{"id": "a", "start": {"window": 1}, "series": [[1,2,3,4,5]]}""")]
    [InlineData("times: expected none, as the stream was started without an interval, found some",
        """{"id": "a", "start": {"window": 5}, "series": [[1]], "times": [1]}""")]
    [InlineData("times: expected time stamps, as the stream was started with an interval, found none",
        """{"id": "a", "start": {"window": 5, "interval": 1, "maxGap": 1}, "series": [[1]]}""")]
    [InlineData("times[1]: expected a time after 3, found 3. Times must rise",
        """{"id": "a", "start": {"window": 5, "interval": 1, "maxGap": 1}, "series": [[1, 2]], "times": [3, 3]}""")]
    [InlineData("times[1]: expected at most 50 steps of 1E+298 s in a piece, found more up to 1E+300",
        """{"id": "a", "start": {"window": 5, "interval": 1e298, "maxGap": 1e298}, "series": [[1, 2]], "times": [0, 1e300]}""")]
    [InlineData("times[0]: expected a time stamp that tells steps of 1E-06 s apart, found 1700000000",
        """{"id": "a", "start": {"window": 5, "interval": 1e-6, "maxGap": 1}, "series": [[1]], "times": [1700000000]}""")]
    [InlineData("at: expected the piece behind the 0 samples that were taken, found 4", """{"id": "a", "start": {"window": 5}, "at": 4, "end": true}""", 409)]
    [InlineData("Stream a of model shapes: expected one that is open, found none. It was not started", """{"id": "a", "end": true}""", 404)]
    public async Task A_piece_of_a_stream_that_cannot_be_taken_is_refused_and_opens_none(string expected, string body, int status = 400)
    {
        await Refused(status, expected, "/stream/shapes", body);
        Assert.Equal(0, server.Serving.Streams.Count);
    }

    [Theory]
    [InlineData(404, "Expected a model among shapes, found 'other'", "/classify/other")]
    [InlineData(404, "Model shapes: expected a version among 1, 2, found '3'", "/v2/models/shapes/versions/3/infer")]
    [InlineData(404, "Not Found: POST /v2/models", "/v2/models")]
    [InlineData(405, "Method Not Allowed: POST /v2", "/v2")]
    [InlineData(404, "Expected a model among shapes, found 'other'", "/stream/other")]
    public async Task An_address_that_is_not_there_is_refused_with_what_is(int status, string expected, string path) =>
        await Refused(status, expected, path, """{"series": [[[1]]]}""");

    [Fact]
    public async Task A_body_beyond_the_bound_is_refused_as_too_large() =>
        await Refused(413, "body: Request body too large", "/classify/shapes", "{\"series\": [" + new string(' ', 4000) + "]}");

    [Fact]
    public async Task A_request_that_finds_the_queue_full_is_told_when_to_ask_again()
    {
        await using var small = await TestServing.Start(new() { MaxBatch = 1, MaxQueue = 1 }, ("words", models.Answers));
        using var content = new StringContent("""{"series": [[[1, 2]], [[3, 4]]]}""");
        using var response = await small.Client.PostAsync("/classify/words", content, TestContext.Current.CancellationToken);
        Assert.Equal(429, (int)response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.StartsWith("{\"error\":\"Model words: expected room for 2 series, found 0 of 1 places taken",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(200, (await small.Post("/classify/words", """{"series": [[[1, 2]]]}""")).Status);
    }

    private async Task Refused(int status, string expected, string path, string body)
    {
        var (found, answer) = await server.Serving.Post(path, body);
        Assert.StartsWith(expected, (string)answer["error"]!, StringComparison.Ordinal);
        Assert.Equal((status, 1), (found, ((JsonObject)answer).Count));
    }

    /// <summary>A serving process with small bounds, for all tests of the class: none changes it.</summary>
    public sealed class Server(TrainedModels models) : IAsyncLifetime
    {
        internal TestServing Serving { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Serving = await TestServing.Start(
            new() { MaxBatch = 1, MaxSeries = 4, MaxChannels = 5, MaxSteps = 50, MaxBodyBytes = 4000 }, ("shapes", models.Answers), ("shapes", models.Answers));

        public ValueTask DisposeAsync() => Serving.DisposeAsync();
    }
}
